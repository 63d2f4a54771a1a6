import type { MailTexts } from '../mail-texts.ts'

export const da: MailTexts = {
  subject: '{code} er din bekræftelseskode til {tenant}',
  subjectWithoutCode: 'Din bekræftelseskode til {tenant}',
  heading: 'Din bekræftelseskode til {tenant}',
  intro: 'Indtast den, hvor du blev bedt om det. Koden gælder i {valid} og virker én gang.',
  openPage: 'Åbn siden med denne kode',
  keepItSecret: 'Giv den ikke til nogen: {tenant} beder aldrig om den via telefon, e-mail eller chat.',
  footer: 'Har du ikke bedt om den? Ignorer denne mail; uden koden sker der ingenting.',
}
