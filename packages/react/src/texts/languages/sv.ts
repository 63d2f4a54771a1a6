import type { NumberFieldTexts } from '../number-field-texts.ts'

export const sv: NumberFieldTexts = {
  label: 'Kod från mejlet',
  resend: 'Skicka koden igen',
  resendIn: 'Skicka koden igen om {time}',
  resendReady: 'Nu kan koden skickas igen.',
  resent: 'Koden har skickats igen.',
  notDigits: 'Koden har bara siffror.',
  wrong: 'Den här koden är inte giltig. Titta i det senaste mejlet eller börja om.',
  limited: 'För många försök. Försök igen om {time}.',
  gone: 'Den här koden har gått ut. Börja om.',
  rejected: 'Adressens e-postserver tog inte emot mejlet. Är adressen rätt?',
  failed: 'Det fungerade inte. Försök igen.',
}
