import type { NumberFieldTexts } from '../number-field-texts.ts'

export const en: NumberFieldTexts = {
  label: 'Code from the mail',
  resend: 'Send the code again',
  resendIn: 'Send the code again in {time}',
  resendReady: 'The code can be sent again now.',
  resent: 'The code was sent again.',
  notDigits: 'The code has digits only.',
  wrong: 'This code is not valid. Look at the newest mail, or start again.',
  limited: 'Too many tries. Try again in {time}.',
  gone: 'This code has expired. Start again.',
  rejected: 'The mail server of this address refused the mail. Is the address right?',
  failed: 'That did not work. Try again.',
}
