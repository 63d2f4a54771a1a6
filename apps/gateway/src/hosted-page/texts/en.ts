import type { PageTexts } from '../page-texts.ts'

export const en: PageTexts = {
  title: 'Look into your mail',
  sent: '{tenant} has sent a code to {email}.',
  label: 'Code from the mail',
  go: 'Continue',
  resend: 'Send the code again',
  resendIn: 'Send the code again in {time}',
  resent: 'The code was sent again.',
  back: 'Back to {tenant}',
  wrong: 'This code is not valid. Look at the newest mail.',
  limited: 'Too many tries. Try again in {time}.',
  rejected: 'The mail server of this address refused the mail.',
  goneTitle: 'This code is not valid any more',
  gone: 'It was used, has expired, or there is a newer one. Start again where you came from.',
  unknownTitle: 'There is no such page',
  unknown: 'The link is incomplete, or its service does not use this page.',
  foreign: 'This form was sent from another site.',
  failedTitle: 'That did not work',
  failed: 'Go back and try again in a moment.',
  testMode: 'Test mode: nobody is mailed.',
}
