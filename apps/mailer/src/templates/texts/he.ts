import type { MailTexts } from '../mail-texts.ts'

export const he: MailTexts = {
  subject: '\u200f\u200e{code} הוא קוד האימות שלך עבור \u2068{tenant}\u2069',
  subjectWithoutCode: 'קוד האימות שלך עבור \u2068{tenant}\u2069',
  heading: 'קוד האימות שלך עבור \u2068{tenant}\u2069',
  intro: 'יש להזין אותו במקום שבו התבקשת. הקוד תקף למשך {valid} ופועל פעם אחת.',
  openPage: 'פתיחת הדף עם הקוד הזה',
  keepItSecret: 'אין למסור אותו לאיש: \u2068{tenant}\u2069 לעולם לא מבקש אותו בטלפון, בדואר או בצ׳אט.',
  footer: 'לא ביקשת אותו? אפשר להתעלם מההודעה; בלי הקוד לא קורה דבר.',
}
