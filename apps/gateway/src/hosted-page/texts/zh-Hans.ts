import type { PageTexts } from '../page-texts.ts'

export const zhHans: PageTexts = {
  title: '请查看您的邮件',
  sent: '{tenant} 已将验证码发送至 {email}。',
  label: '邮件中的验证码',
  go: '继续',
  resend: '重新发送验证码',
  resendIn: '{time} 后可重新发送验证码',
  resent: '验证码已重新发送。',
  back: '返回 {tenant}',
  wrong: '此验证码无效。请查看最新的邮件。',
  limited: '尝试次数过多。请在 {time} 后重试。',
  rejected: '该地址的邮件服务器拒收了邮件。',
  goneTitle: '此验证码已失效',
  gone: '它已被使用、已过期，或已有更新的验证码。请从您来的页面重新开始。',
  unknownTitle: '没有这个页面',
  unknown: '链接不完整，或其服务未使用此页面。',
  foreign: '此表单是从其他网站发送的。',
  failedTitle: '操作未成功',
  failed: '请返回，稍后再试。',
  testMode: '测试模式：不会发送邮件。',
}
