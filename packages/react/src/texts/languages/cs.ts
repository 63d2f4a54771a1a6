import type { NumberFieldTexts } from '../number-field-texts.ts'

export const cs: NumberFieldTexts = {
  label: 'Kód z e-mailu',
  resend: 'Poslat kód znovu',
  resendIn: 'Poslat kód znovu za {time}',
  resendReady: 'Kód lze nyní poslat znovu.',
  resent: 'Kód byl poslán znovu.',
  notDigits: 'Kód tvoří pouze číslice.',
  wrong: 'Tento kód není platný. Podívejte se do nejnovějšího e-mailu, nebo začněte znovu.',
  limited: 'Příliš mnoho pokusů. Zkuste to znovu za {time}.',
  gone: 'Platnost tohoto kódu vypršela. Začněte znovu.',
  rejected: 'Poštovní server této adresy e-mail odmítl. Je adresa správná?',
  failed: 'Nepodařilo se to. Zkuste to znovu.',
}
