import type { MailTexts } from '../mail-texts.ts'

export const ru: MailTexts = {
  subject: '{code} — ваш код подтверждения для {tenant}',
  subjectWithoutCode: 'Ваш код подтверждения для {tenant}',
  heading: 'Ваш код подтверждения для {tenant}',
  intro: 'Введите его там, где вас о нём спросили. Код действует один раз. Срок действия: {valid}.',
  openPage: 'Открыть страницу с этим кодом',
  keepItSecret: 'Никому его не сообщайте: {tenant} никогда не спрашивает его по телефону, почте или в чате.',
  footer: 'Вы не запрашивали код? Проигнорируйте это письмо; без кода ничего не произойдёт.',
}
