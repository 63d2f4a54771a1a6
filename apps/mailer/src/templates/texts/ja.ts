import type { MailTexts } from '../mail-texts.ts'

export const ja: MailTexts = {
  subject: '{code} は {tenant} の確認コードです',
  subjectWithoutCode: '{tenant} の確認コード',
  heading: '{tenant} の確認コード',
  intro: '求められた画面に入力してください。有効期間は{valid}で、一度だけ使えます。',
  openPage: 'このコードでページを開く',
  keepItSecret: '誰にも教えないでください。{tenant} が電話、メール、チャットで尋ねることはありません。',
  footer: 'お心当たりがない場合は、このメールを無視してください。コードがなければ何も起こりません。',
}
