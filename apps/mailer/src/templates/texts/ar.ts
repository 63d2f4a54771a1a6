import type { MailTexts } from '../mail-texts.ts'

export const ar: MailTexts = {
  subject: '\u200f\u200e{code} هو رمز التحقق الخاص بك لدى \u2068{tenant}\u2069',
  subjectWithoutCode: 'رمز التحقق الخاص بك لدى \u2068{tenant}\u2069',
  heading: 'رمز التحقق الخاص بك لدى \u2068{tenant}\u2069',
  intro: 'أدخِله حيث طُلب منك. مدة الصلاحية: {valid}، ويُستخدم مرة واحدة فقط.',
  openPage: 'افتح الصفحة بهذا الرمز',
  keepItSecret: 'لا تُخبر به أحدًا: لن يطلبه \u2068{tenant}\u2069 منك أبدًا عبر الهاتف أو البريد أو الدردشة.',
  footer: 'لم تطلبه؟ تجاهل هذه الرسالة؛ لن يحدث شيء من دون الرمز.',
}
