import type { MailTexts } from '../mail-texts.ts'

export const nl: MailTexts = {
  subject: '{code} is je verificatiecode voor {tenant}',
  subjectWithoutCode: 'Je verificatiecode voor {tenant}',
  heading: 'Je verificatiecode voor {tenant}',
  intro: 'Vul deze in waar erom is gevraagd. De code is {valid} geldig en werkt één keer.',
  openPage: 'Open de pagina met deze code',
  keepItSecret: 'Geef de code aan niemand: {tenant} vraagt er nooit om via telefoon, e-mail of chat.',
  footer: 'Niet zelf aangevraagd? Negeer deze e-mail; zonder de code gebeurt er niets.',
}
