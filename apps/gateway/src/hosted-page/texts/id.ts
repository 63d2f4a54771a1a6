import type { PageTexts } from '../page-texts.ts'

export const id: PageTexts = {
  title: 'Periksa email Anda',
  sent: '{tenant} telah mengirim kode ke {email}.',
  label: 'Kode dari email',
  go: 'Lanjutkan',
  resend: 'Kirim ulang kode',
  resendIn: 'Kirim ulang kode dalam {time}',
  resent: 'Kode telah dikirim ulang.',
  back: 'Kembali ke {tenant}',
  wrong: 'Kode ini tidak berlaku. Lihat email terbaru.',
  limited: 'Terlalu banyak percobaan. Coba lagi dalam {time}.',
  rejected: 'Server email alamat ini menolak email tersebut.',
  goneTitle: 'Kode ini sudah tidak berlaku',
  gone: 'Kode sudah dipakai, sudah kedaluwarsa, atau ada yang lebih baru. Mulailah lagi dari halaman asal Anda.',
  unknownTitle: 'Halaman ini tidak ada',
  unknown: 'Tautannya tidak lengkap, atau layanannya tidak memakai halaman ini.',
  foreign: 'Formulir ini dikirim dari situs lain.',
  failedTitle: 'Tidak berhasil',
  failed: 'Kembali dan coba lagi sebentar lagi.',
  testMode: 'Mode uji: tidak ada email yang dikirim.',
}
