import type { MailTexts } from '../mail-texts.ts'

export const sv: MailTexts = {
  subject: '{code} är din verifieringskod för {tenant}',
  subjectWithoutCode: 'Din verifieringskod för {tenant}',
  heading: 'Din verifieringskod för {tenant}',
  intro: 'Ange den där du blev ombedd. Koden gäller i {valid} och fungerar en gång.',
  openPage: 'Öppna sidan med den här koden',
  keepItSecret:
    'Berätta den inte för någon: {tenant} frågar aldrig efter den via telefon, e-post eller chatt.',
  footer: 'Har du inte bett om den? Ignorera det här mejlet; utan koden händer ingenting.',
}
