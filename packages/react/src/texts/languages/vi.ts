import type { NumberFieldTexts } from '../number-field-texts.ts'

export const vi: NumberFieldTexts = {
  label: 'Mã trong email',
  resend: 'Gửi lại mã',
  resendIn: 'Gửi lại mã sau {time}',
  resendReady: 'Bây giờ có thể gửi lại mã.',
  resent: 'Mã đã được gửi lại.',
  notDigits: 'Mã chỉ gồm các chữ số.',
  wrong: 'Mã này không hợp lệ. Hãy xem email mới nhất hoặc bắt đầu lại.',
  limited: 'Quá nhiều lần thử. Hãy thử lại sau {time}.',
  gone: 'Mã này đã hết hạn. Hãy bắt đầu lại.',
  rejected: 'Máy chủ email của địa chỉ này đã từ chối email. Địa chỉ có đúng không?',
  failed: 'Không thành công. Hãy thử lại.',
}
