import type { MailTexts } from '../mail-texts.ts'

export const zhHans: MailTexts = {
  subject: '{code} 是您的 {tenant} 验证码',
  subjectWithoutCode: '您的 {tenant} 验证码',
  heading: '您的 {tenant} 验证码',
  intro: '请在需要的地方输入。有效期为{valid}，只能使用一次。',
  openPage: '用此验证码打开页面',
  keepItSecret: '请勿告诉任何人：{tenant} 绝不会通过电话、邮件或聊天索要验证码。',
  footer: '如果不是您本人请求的，请忽略此邮件；没有验证码，什么都不会发生。',
}
