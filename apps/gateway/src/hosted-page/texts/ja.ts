import type { PageTexts } from '../page-texts.ts'

export const ja: PageTexts = {
  title: 'メールをご確認ください',
  sent: '{tenant} が {email} にコードを送信しました。',
  label: 'メールに記載のコード',
  go: '続ける',
  resend: 'コードを再送する',
  resendIn: 'コードを再送する（あと {time}）',
  resent: 'コードを再送しました。',
  back: '{tenant} に戻る',
  wrong: 'このコードは無効です。最新のメールをご確認ください。',
  limited: '試行回数が多すぎます。{time} 後にもう一度お試しください。',
  rejected: 'このアドレスのメールサーバーがメールを拒否しました。',
  goneTitle: 'このコードはもう使えません',
  gone: '使用済みか期限切れ、または新しいコードがあります。元のページからやり直してください。',
  unknownTitle: 'このページはありません',
  unknown: 'リンクが不完全か、サービスがこのページを使用していません。',
  foreign: 'このフォームは別のサイトから送信されました。',
  failedTitle: '処理できませんでした',
  failed: '前の画面に戻り、しばらくしてからもう一度お試しください。',
  testMode: 'テストモード：メールは送信されません。',
}
