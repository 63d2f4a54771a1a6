import type { MailTexts } from '../mail-texts.ts'

export const zhHant: MailTexts = {
  subject: '{code} 是您的 {tenant} 驗證碼',
  subjectWithoutCode: '您的 {tenant} 驗證碼',
  heading: '您的 {tenant} 驗證碼',
  intro: '請在需要的地方輸入。有效時間為{valid}，只能使用一次。',
  openPage: '用此驗證碼開啟頁面',
  keepItSecret: '請勿告訴任何人：{tenant} 絕不會透過電話、郵件或聊天索取驗證碼。',
  footer: '如果不是您本人要求的，請忽略此郵件；沒有驗證碼，什麼都不會發生。',
}
