import type { NumberFieldTexts } from '../number-field-texts.ts'

export const ja: NumberFieldTexts = {
  label: 'メールに記載のコード',
  resend: 'コードを再送する',
  resendIn: 'コードを再送する（あと {time}）',
  resendReady: 'コードを再送できるようになりました。',
  resent: 'コードを再送しました。',
  notDigits: 'コードは数字だけです。',
  wrong: 'このコードは無効です。最新のメールをご確認いただくか、最初からやり直してください。',
  limited: '試行回数が多すぎます。{time} 後にもう一度お試しください。',
  gone: 'このコードは期限切れです。最初からやり直してください。',
  rejected: 'このアドレスのメールサーバーがメールを拒否しました。アドレスは正しいですか？',
  failed: 'うまくいきませんでした。もう一度お試しください。',
}
