import type { PageTexts } from '../page-texts.ts'

export const de: PageTexts = {
  title: 'Sehen Sie in Ihrem Postfach nach',
  sent: '{tenant} hat einen Code an {email} geschickt.',
  label: 'Code aus der E-Mail',
  go: 'Weiter',
  resend: 'Code erneut senden',
  resendIn: 'Code in {time} erneut senden',
  resent: 'Der Code wurde erneut gesendet.',
  back: 'Zurück zu {tenant}',
  wrong: 'Dieser Code ist nicht gültig. Sehen Sie in der neuesten E-Mail nach.',
  limited: 'Zu viele Versuche. Versuchen Sie es in {time} noch einmal.',
  rejected: 'Der Mailserver dieser Adresse hat die E-Mail abgelehnt.',
  goneTitle: 'Dieser Code ist nicht mehr gültig',
  gone: 'Er wurde verwendet, ist abgelaufen, oder es gibt einen neueren. Beginnen Sie auf der vorherigen Seite von vorn.',
  unknownTitle: 'Diese Seite gibt es nicht',
  unknown: 'Der Link ist unvollständig, oder sein Dienst verwendet diese Seite nicht.',
  foreign: 'Dieses Formular wurde von einer anderen Website gesendet.',
  failedTitle: 'Das hat nicht funktioniert',
  failed: 'Gehen Sie zurück und versuchen Sie es gleich noch einmal.',
  testMode: 'Testmodus: Es wird keine E-Mail verschickt.',
}
