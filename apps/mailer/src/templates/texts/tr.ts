import type { MailTexts } from '../mail-texts.ts'

export const tr: MailTexts = {
  subject: '{code}, {tenant} için doğrulama kodunuz',
  subjectWithoutCode: '{tenant} için doğrulama kodunuz',
  heading: '{tenant} için doğrulama kodunuz',
  intro: 'Kodu istendiği yere girin. Yalnızca bir kez kullanılabilir. Geçerlilik süresi: {valid}.',
  openPage: 'Sayfayı bu kodla aç',
  keepItSecret: 'Kodu kimseyle paylaşmayın: {tenant} onu telefon, e-posta veya sohbet yoluyla asla istemez.',
  footer: 'Bu kodu siz istemediyseniz e-postayı dikkate almayın; kod olmadan hiçbir şey olmaz.',
}
