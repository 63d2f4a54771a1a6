import type { NumberFieldTexts } from '../number-field-texts.ts'

export const fi: NumberFieldTexts = {
  label: 'Sähköpostissa tullut koodi',
  resend: 'Lähetä koodi uudelleen',
  resendIn: 'Voit lähettää koodin uudelleen: {time}',
  resendReady: 'Koodin voi nyt lähettää uudelleen.',
  resent: 'Koodi lähetettiin uudelleen.',
  notDigits: 'Koodissa on vain numeroita.',
  wrong: 'Tämä koodi ei kelpaa. Katso uusinta viestiä tai aloita alusta.',
  limited: 'Liian monta yritystä. Yritä uudelleen, kun on kulunut {time}.',
  gone: 'Tämä koodi on vanhentunut. Aloita alusta.',
  rejected: 'Osoitteen sähköpostipalvelin hylkäsi viestin. Onko osoite oikein?',
  failed: 'Se ei onnistunut. Yritä uudelleen.',
}
