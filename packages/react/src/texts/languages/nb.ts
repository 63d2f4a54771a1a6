import type { NumberFieldTexts } from '../number-field-texts.ts'

export const nb: NumberFieldTexts = {
  label: 'Kode fra e-posten',
  resend: 'Send koden på nytt',
  resendIn: 'Send koden på nytt om {time}',
  resendReady: 'Koden kan nå sendes på nytt.',
  resent: 'Koden er sendt på nytt.',
  notDigits: 'Koden består bare av sifre.',
  wrong: 'Denne koden er ikke gyldig. Se i den nyeste e-posten, eller begynn på nytt.',
  limited: 'For mange forsøk. Prøv igjen om {time}.',
  gone: 'Denne koden er utløpt. Begynn på nytt.',
  rejected: 'E-postserveren til denne adressen avviste e-posten. Er adressen riktig?',
  failed: 'Det virket ikke. Prøv igjen.',
}
