import type { MailTexts } from '../mail-texts.ts'

export const ro: MailTexts = {
  subject: '{code} este codul tău de verificare pentru {tenant}',
  subjectWithoutCode: 'Codul tău de verificare pentru {tenant}',
  heading: 'Codul tău de verificare pentru {tenant}',
  intro:
    'Introdu-l acolo unde ți-a fost cerut. Codul poate fi folosit o singură dată. Valabilitate: {valid}.',
  openPage: 'Deschide pagina cu acest cod',
  keepItSecret: 'Nu îl spune nimănui: {tenant} nu îl cere niciodată prin telefon, e-mail sau chat.',
  footer: 'Nu l-ai cerut tu? Ignoră acest mesaj; fără cod nu se întâmplă nimic.',
}
