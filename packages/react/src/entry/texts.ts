import { waitingTime } from '@emailauth/contracts/waiting-time'

/** What the field says. `{time}` is how long to wait. */
export interface NumberFieldTexts {
  readonly label: string
  readonly resend: string
  readonly resendIn: string
  readonly resendReady: string
  readonly resent: string
  readonly notDigits: string
  readonly wrong: string
  readonly limited: string
  readonly gone: string
  readonly rejected: string
  readonly failed: string
}

const en: NumberFieldTexts = {
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

const es: NumberFieldTexts = {
  label: 'Código del correo',
  resend: 'Enviar el código otra vez',
  resendIn: 'Enviar el código otra vez en {time}',
  resendReady: 'Ya se puede enviar el código otra vez.',
  resent: 'El código se ha enviado otra vez.',
  notDigits: 'El código solo tiene cifras.',
  wrong: 'Este código no es válido. Mira el correo más reciente o empieza de nuevo.',
  limited: 'Demasiados intentos. Inténtalo otra vez en {time}.',
  gone: 'Este código ha caducado. Empieza de nuevo.',
  rejected: 'El servidor de correo de esta dirección rechazó el mensaje. ¿Es correcta la dirección?',
  failed: 'No ha funcionado. Inténtalo otra vez.',
}

/** The texts of a locale (`es`, `es-MX`; others: English), with some of one's own. */
export function textsFor(locale = 'en', own: Partial<NumberFieldTexts> = {}): NumberFieldTexts {
  return { ...(/^es\b/i.test(locale) ? es : en), ...own }
}

/** Puts a waiting time into a text. */
export function withTime(text: string, seconds: number): string {
  return text.replaceAll('{time}', waitingTime(seconds))
}
