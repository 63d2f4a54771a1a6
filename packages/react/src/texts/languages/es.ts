import type { NumberFieldTexts } from '../number-field-texts.ts'

export const es: NumberFieldTexts = {
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
