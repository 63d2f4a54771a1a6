import type { NumberFieldTexts } from '../number-field-texts.ts'

export const id: NumberFieldTexts = {
  label: 'Kode dari email',
  resend: 'Kirim ulang kode',
  resendIn: 'Kirim ulang kode dalam {time}',
  resendReady: 'Kode kini dapat dikirim ulang.',
  resent: 'Kode telah dikirim ulang.',
  notDigits: 'Kode hanya terdiri dari angka.',
  wrong: 'Kode ini tidak berlaku. Lihat email terbaru, atau mulai lagi.',
  limited: 'Terlalu banyak percobaan. Coba lagi dalam {time}.',
  gone: 'Kode ini sudah kedaluwarsa. Mulailah lagi.',
  rejected: 'Server email alamat ini menolak email tersebut. Apakah alamatnya benar?',
  failed: 'Tidak berhasil. Coba lagi.',
}
