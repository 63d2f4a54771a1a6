import type { NumberFieldTexts } from '../number-field-texts.ts'

export const zhHans: NumberFieldTexts = {
  label: '邮件中的验证码',
  resend: '重新发送验证码',
  resendIn: '{time} 后可重新发送验证码',
  resendReady: '现在可以重新发送验证码。',
  resent: '验证码已重新发送。',
  notDigits: '验证码只包含数字。',
  wrong: '此验证码无效。请查看最新的邮件，或重新开始。',
  limited: '尝试次数过多。请在 {time} 后重试。',
  gone: '此验证码已过期。请重新开始。',
  rejected: '该地址的邮件服务器拒收了邮件。地址是否正确？',
  failed: '操作未成功。请重试。',
}
