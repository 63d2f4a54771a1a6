import type { MailTexts } from '../mail-texts.ts'

export const uk: MailTexts = {
  subject: '{code} — ваш код підтвердження для {tenant}',
  subjectWithoutCode: 'Ваш код підтвердження для {tenant}',
  heading: 'Ваш код підтвердження для {tenant}',
  intro: 'Введіть його там, де вас про нього запитали. Код діє один раз. Термін дії: {valid}.',
  openPage: 'Відкрити сторінку з цим кодом',
  keepItSecret: 'Нікому його не повідомляйте: {tenant} ніколи не запитує його телефоном, поштою чи в чаті.',
  footer: 'Ви не запитували код? Проігноруйте цей лист; без коду нічого не станеться.',
}
