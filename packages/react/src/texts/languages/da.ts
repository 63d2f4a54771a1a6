import type { NumberFieldTexts } from '../number-field-texts.ts'

export const da: NumberFieldTexts = {
  label: 'Kode fra mailen',
  resend: 'Send koden igen',
  resendIn: 'Send koden igen om {time}',
  resendReady: 'Koden kan nu sendes igen.',
  resent: 'Koden er sendt igen.',
  notDigits: 'Koden består kun af cifre.',
  wrong: 'Denne kode er ikke gyldig. Se i den nyeste mail, eller begynd forfra.',
  limited: 'For mange forsøg. Prøv igen om {time}.',
  gone: 'Denne kode er udløbet. Begynd forfra.',
  rejected: 'Adressens mailserver afviste mailen. Er adressen rigtig?',
  failed: 'Det virkede ikke. Prøv igen.',
}
