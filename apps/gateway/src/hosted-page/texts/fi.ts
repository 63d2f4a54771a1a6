import type { PageTexts } from '../page-texts.ts'

export const fi: PageTexts = {
  title: 'Katso sähköpostisi',
  sent: '{tenant} on lähettänyt koodin osoitteeseen {email}.',
  label: 'Sähköpostissa tullut koodi',
  go: 'Jatka',
  resend: 'Lähetä koodi uudelleen',
  resendIn: 'Voit lähettää koodin uudelleen: {time}',
  resent: 'Koodi lähetettiin uudelleen.',
  back: 'Takaisin: {tenant}',
  wrong: 'Tämä koodi ei kelpaa. Katso uusinta viestiä.',
  limited: 'Liian monta yritystä. Yritä uudelleen, kun on kulunut {time}.',
  rejected: 'Osoitteen sähköpostipalvelin hylkäsi viestin.',
  goneTitle: 'Tämä koodi ei enää kelpaa',
  gone: 'Se on käytetty tai vanhentunut, tai on olemassa uudempi. Aloita alusta sivulta, jolta tulit.',
  unknownTitle: 'Tätä sivua ei ole',
  unknown: 'Linkki on puutteellinen, tai sen palvelu ei käytä tätä sivua.',
  foreign: 'Tämä lomake lähetettiin toiselta sivustolta.',
  failedTitle: 'Se ei onnistunut',
  failed: 'Palaa takaisin ja yritä hetken kuluttua uudelleen.',
  testMode: 'Testitila: viestejä ei lähetetä.',
}
