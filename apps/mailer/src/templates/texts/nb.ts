import type { MailTexts } from '../mail-texts.ts'

export const nb: MailTexts = {
  subject: '{code} er bekreftelseskoden din for {tenant}',
  subjectWithoutCode: 'Bekreftelseskoden din for {tenant}',
  heading: 'Bekreftelseskoden din for {tenant}',
  intro: 'Skriv den inn der du ble bedt om det. Koden gjelder i {valid} og virker én gang.',
  openPage: 'Åpne siden med denne koden',
  keepItSecret: 'Ikke gi den til noen: {tenant} spør aldri om den på telefon, e-post eller chat.',
  footer: 'Har du ikke bedt om den? Se bort fra denne e-posten; uten koden skjer det ingenting.',
}
