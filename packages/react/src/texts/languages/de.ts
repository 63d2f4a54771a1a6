import type { NumberFieldTexts } from '../number-field-texts.ts'

export const de: NumberFieldTexts = {
  label: 'Code aus der E-Mail',
  resend: 'Code erneut senden',
  resendIn: 'Code in {time} erneut senden',
  resendReady: 'Der Code kann jetzt erneut gesendet werden.',
  resent: 'Der Code wurde erneut gesendet.',
  notDigits: 'Der Code besteht nur aus Ziffern.',
  wrong: 'Dieser Code ist nicht gültig. Sehen Sie in der neuesten E-Mail nach, oder beginnen Sie von vorn.',
  limited: 'Zu viele Versuche. Versuchen Sie es in {time} noch einmal.',
  gone: 'Dieser Code ist abgelaufen. Beginnen Sie von vorn.',
  rejected: 'Der Mailserver dieser Adresse hat die E-Mail abgelehnt. Stimmt die Adresse?',
  failed: 'Das hat nicht funktioniert. Versuchen Sie es noch einmal.',
}
