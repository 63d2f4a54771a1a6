import type { MailTexts } from '../mail-texts.ts'

export const it: MailTexts = {
  subject: '{code} è il tuo codice di verifica per {tenant}',
  subjectWithoutCode: 'Il tuo codice di verifica per {tenant}',
  heading: 'Il tuo codice di verifica per {tenant}',
  intro: 'Inseriscilo dove ti è stato richiesto. È valido per {valid} e funziona una sola volta.',
  openPage: 'Apri la pagina con questo codice',
  keepItSecret: 'Non comunicarlo a nessuno: {tenant} non te lo chiederà mai per telefono, e-mail o chat.',
  footer: 'Non l’hai richiesto? Ignora questa e-mail; senza il codice non succede nulla.',
}
