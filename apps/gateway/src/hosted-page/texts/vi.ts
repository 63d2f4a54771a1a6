import type { PageTexts } from '../page-texts.ts'

export const vi: PageTexts = {
  title: 'Hãy xem email của bạn',
  sent: '{tenant} đã gửi mã đến {email}.',
  label: 'Mã trong email',
  go: 'Tiếp tục',
  resend: 'Gửi lại mã',
  resendIn: 'Gửi lại mã sau {time}',
  resent: 'Mã đã được gửi lại.',
  back: 'Quay lại {tenant}',
  wrong: 'Mã này không hợp lệ. Hãy xem email mới nhất.',
  limited: 'Quá nhiều lần thử. Hãy thử lại sau {time}.',
  rejected: 'Máy chủ email của địa chỉ này đã từ chối email.',
  goneTitle: 'Mã này không còn hiệu lực',
  gone: 'Mã đã được dùng, đã hết hạn hoặc đã có mã mới hơn. Hãy bắt đầu lại từ trang mà bạn đến.',
  unknownTitle: 'Không có trang này',
  unknown: 'Liên kết không đầy đủ, hoặc dịch vụ không dùng trang này.',
  foreign: 'Biểu mẫu này được gửi từ một trang web khác.',
  failedTitle: 'Không thành công',
  failed: 'Hãy quay lại và thử lại sau giây lát.',
  testMode: 'Chế độ thử nghiệm: không gửi email nào.',
}
