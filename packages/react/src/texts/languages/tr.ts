import type { NumberFieldTexts } from '../number-field-texts.ts'

export const tr: NumberFieldTexts = {
  label: 'E-postadaki kod',
  resend: 'Kodu yeniden gönder',
  resendIn: 'Kodu yeniden gönder: {time} sonra',
  resendReady: 'Kod artık yeniden gönderilebilir.',
  resent: 'Kod yeniden gönderildi.',
  notDigits: 'Kod yalnızca rakamlardan oluşur.',
  wrong: 'Bu kod geçerli değil. En yeni e-postaya bakın ya da baştan başlayın.',
  limited: 'Çok fazla deneme. {time} sonra yeniden deneyin.',
  gone: 'Bu kodun süresi doldu. Baştan başlayın.',
  rejected: 'Bu adresin e-posta sunucusu iletiyi reddetti. Adres doğru mu?',
  failed: 'Olmadı. Yeniden deneyin.',
}
