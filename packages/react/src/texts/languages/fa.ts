import type { NumberFieldTexts } from '../number-field-texts.ts'

// The isolates keep the direction of a time, which is written from left to right.
export const fa: NumberFieldTexts = {
  label: 'کد درون ایمیل',
  resend: 'ارسال دوبارهٔ کد',
  resendIn: 'ارسال دوبارهٔ کد تا \u2068{time}\u2069 دیگر',
  resendReady: 'اکنون می‌توان کد را دوباره فرستاد.',
  resent: 'کد دوباره فرستاده شد.',
  notDigits: 'کد فقط از رقم تشکیل شده است.',
  wrong: 'این کد معتبر نیست. تازه‌ترین ایمیل را ببینید یا دوباره شروع کنید.',
  limited: 'تلاش‌های بیش از حد. \u2068{time}\u2069 دیگر دوباره تلاش کنید.',
  gone: 'مهلت این کد گذشته است. دوباره شروع کنید.',
  rejected: 'کارساز ایمیل این نشانی نامه را نپذیرفت. آیا نشانی درست است؟',
  failed: 'انجام نشد. دوباره تلاش کنید.',
}
