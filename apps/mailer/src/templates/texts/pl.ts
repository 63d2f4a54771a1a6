import type { MailTexts } from '../mail-texts.ts'

export const pl: MailTexts = {
  subject: '{code} to Twój kod weryfikacyjny do {tenant}',
  subjectWithoutCode: 'Twój kod weryfikacyjny do {tenant}',
  heading: 'Twój kod weryfikacyjny do {tenant}',
  intro: 'Wpisz go tam, gdzie o niego poproszono. Kod jest jednorazowy. Czas ważności: {valid}.',
  openPage: 'Otwórz stronę z tym kodem',
  keepItSecret: 'Nie podawaj go nikomu: {tenant} nigdy nie poprosi o niego przez telefon, e-mail ani czat.',
  footer: 'To nie Ty? Zignoruj tę wiadomość; bez kodu nic się nie stanie.',
}
