import type { PageTexts } from '../page-texts.ts'

export const zhHant: PageTexts = {
  title: '請查看您的郵件',
  sent: '{tenant} 已將驗證碼傳送至 {email}。',
  label: '郵件中的驗證碼',
  go: '繼續',
  resend: '重新傳送驗證碼',
  resendIn: '{time} 後可重新傳送驗證碼',
  resent: '驗證碼已重新傳送。',
  back: '返回 {tenant}',
  wrong: '此驗證碼無效。請查看最新的郵件。',
  limited: '嘗試次數過多。請在 {time} 後重試。',
  rejected: '該地址的郵件伺服器拒收了郵件。',
  goneTitle: '此驗證碼已失效',
  gone: '它已被使用、已過期，或已有更新的驗證碼。請從您來的頁面重新開始。',
  unknownTitle: '沒有這個頁面',
  unknown: '連結不完整，或其服務未使用此頁面。',
  foreign: '此表單是從其他網站傳送的。',
  failedTitle: '操作未成功',
  failed: '請返回，稍後再試。',
  testMode: '測試模式：不會傳送郵件。',
}
