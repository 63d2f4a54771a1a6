import type { MailTexts } from '../mail-texts.ts'

export const vi: MailTexts = {
  subject: '{code} là mã xác minh của bạn cho {tenant}',
  subjectWithoutCode: 'Mã xác minh của bạn cho {tenant}',
  heading: 'Mã xác minh của bạn cho {tenant}',
  intro: 'Nhập mã vào nơi được yêu cầu. Mã có hiệu lực trong {valid} và chỉ dùng được một lần.',
  openPage: 'Mở trang với mã này',
  keepItSecret: 'Đừng cho ai biết mã: {tenant} không bao giờ hỏi mã qua điện thoại, email hay trò chuyện.',
  footer: 'Bạn không yêu cầu mã? Hãy bỏ qua email này; không có mã thì không có gì xảy ra.',
}
