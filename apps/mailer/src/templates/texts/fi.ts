import type { MailTexts } from '../mail-texts.ts'

export const fi: MailTexts = {
  subject: '{code} on vahvistuskoodisi palveluun {tenant}',
  subjectWithoutCode: 'Vahvistuskoodisi palveluun {tenant}',
  heading: 'Vahvistuskoodisi palveluun {tenant}',
  intro: 'Syötä se kohtaan, jossa sitä pyydettiin. Koodi toimii kerran. Voimassaoloaika: {valid}.',
  openPage: 'Avaa sivu tällä koodilla',
  keepItSecret:
    'Älä kerro sitä kenellekään: {tenant} ei koskaan kysy sitä puhelimessa, sähköpostissa tai chatissa.',
  footer: 'Etkö pyytänyt koodia? Jätä tämä viesti huomiotta; ilman koodia mitään ei tapahdu.',
}
