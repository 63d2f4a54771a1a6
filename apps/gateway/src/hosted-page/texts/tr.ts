import type { PageTexts } from '../page-texts.ts'

export const tr: PageTexts = {
  title: 'E-postanıza bakın',
  sent: '{tenant}, {email} adresine bir kod gönderdi.',
  label: 'E-postadaki kod',
  go: 'Devam et',
  resend: 'Kodu yeniden gönder',
  resendIn: 'Kodu yeniden gönder: {time} sonra',
  resent: 'Kod yeniden gönderildi.',
  back: 'Geri dön: {tenant}',
  wrong: 'Bu kod geçerli değil. En yeni e-postaya bakın.',
  limited: 'Çok fazla deneme. {time} sonra yeniden deneyin.',
  rejected: 'Bu adresin e-posta sunucusu iletiyi reddetti.',
  goneTitle: 'Bu kod artık geçerli değil',
  gone: 'Kullanıldı, süresi doldu ya da daha yenisi var. Geldiğiniz sayfadan yeniden başlayın.',
  unknownTitle: 'Böyle bir sayfa yok',
  unknown: 'Bağlantı eksik ya da hizmeti bu sayfayı kullanmıyor.',
  foreign: 'Bu form başka bir siteden gönderildi.',
  failedTitle: 'İşe yaramadı',
  failed: 'Geri dönün ve biraz sonra yeniden deneyin.',
  testMode: 'Test modu: hiç e-posta gönderilmez.',
}
