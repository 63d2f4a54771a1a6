import type { MailTexts } from '../mail-texts.ts'

export const hu: MailTexts = {
  subject: '{code} az Ön ellenőrző kódja ehhez: {tenant}',
  subjectWithoutCode: 'Az Ön ellenőrző kódja ehhez: {tenant}',
  heading: 'Az Ön ellenőrző kódja ehhez: {tenant}',
  intro: 'Írja be oda, ahol kérték. A kód egyszer használható. Érvényesség: {valid}.',
  openPage: 'Az oldal megnyitása ezzel a kóddal',
  keepItSecret: 'Ne adja meg senkinek: {tenant} soha nem kéri telefonon, e-mailben vagy csevegésben.',
  footer: 'Nem Ön kérte? Hagyja figyelmen kívül ezt az e-mailt; a kód nélkül semmi nem történik.',
}
