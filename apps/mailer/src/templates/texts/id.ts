import type { MailTexts } from '../mail-texts.ts'

export const id: MailTexts = {
  subject: '{code} adalah kode verifikasi Anda untuk {tenant}',
  subjectWithoutCode: 'Kode verifikasi Anda untuk {tenant}',
  heading: 'Kode verifikasi Anda untuk {tenant}',
  intro: 'Masukkan di tempat kode ini diminta. Kode berlaku selama {valid} dan hanya dapat dipakai sekali.',
  openPage: 'Buka halaman dengan kode ini',
  keepItSecret:
    'Jangan beri tahu siapa pun: {tenant} tidak pernah memintanya lewat telepon, email, atau obrolan.',
  footer: 'Anda tidak memintanya? Abaikan email ini; tanpa kode tidak terjadi apa-apa.',
}
