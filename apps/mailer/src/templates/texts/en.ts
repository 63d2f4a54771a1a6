import type { MailTexts } from '../mail-texts.ts'

export const en: MailTexts = {
  subject: '{code} is your verification code for {tenant}',
  subjectWithoutCode: 'Your verification code for {tenant}',
  heading: 'Your verification code for {tenant}',
  intro: 'Enter it where you were asked for it. It is valid for {valid} and works once.',
  openPage: 'Open the page with this code',
  keepItSecret: 'Tell it to nobody: {tenant} never asks for it by phone, mail or chat.',
  footer: 'You did not ask for it? Ignore this mail; without the code nothing happens.',
}
