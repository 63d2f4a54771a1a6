import type { NumberFieldTexts } from '../number-field-texts.ts'

export const zhHant: NumberFieldTexts = {
  label: '郵件中的驗證碼',
  resend: '重新傳送驗證碼',
  resendIn: '{time} 後可重新傳送驗證碼',
  resendReady: '現在可以重新傳送驗證碼。',
  resent: '驗證碼已重新傳送。',
  notDigits: '驗證碼只包含數字。',
  wrong: '此驗證碼無效。請查看最新的郵件，或重新開始。',
  limited: '嘗試次數過多。請在 {time} 後重試。',
  gone: '此驗證碼已過期。請重新開始。',
  rejected: '該地址的郵件伺服器拒收了郵件。地址是否正確？',
  failed: '操作未成功。請重試。',
}
