import type { MailTexts } from '../mail-texts.ts'

export const de: MailTexts = {
  subject: '{code} ist Ihr Bestätigungscode für {tenant}',
  subjectWithoutCode: 'Ihr Bestätigungscode für {tenant}',
  heading: 'Ihr Bestätigungscode für {tenant}',
  intro: 'Geben Sie ihn dort ein, wo Sie danach gefragt werden. Er ist {valid} gültig, und nur einmal.',
  openPage: 'Seite mit diesem Code öffnen',
  keepItSecret: 'Geben Sie ihn an niemanden weiter: {tenant} fragt nie per Telefon, E-Mail oder Chat danach.',
  footer:
    'Sie haben keinen Code angefordert? Dann ignorieren Sie diese E-Mail; ohne den Code passiert nichts.',
}
