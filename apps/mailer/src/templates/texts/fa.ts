import type { MailTexts } from '../mail-texts.ts'

export const fa: MailTexts = {
  subject: '\u200f\u200e{code} کد تأیید شما برای \u2068{tenant}\u2069 است',
  subjectWithoutCode: 'کد تأیید شما برای \u2068{tenant}\u2069',
  heading: 'کد تأیید شما برای \u2068{tenant}\u2069',
  intro: 'آن را در جایی که از شما خواسته شده وارد کنید. مدت اعتبار: {valid}؛ فقط یک بار قابل استفاده است.',
  openPage: 'باز کردن صفحه با این کد',
  keepItSecret: 'آن را به هیچ‌کس نگویید: \u2068{tenant}\u2069 هرگز آن را با تلفن، ایمیل یا گفتگو نمی‌پرسد.',
  footer: 'شما درخواست نکرده‌اید؟ این ایمیل را نادیده بگیرید؛ بدون کد هیچ اتفاقی نمی‌افتد.',
}
