import type { NumberFieldTexts } from '../number-field-texts.ts'

// The isolates keep the direction of a time, which is written from left to right.
export const ar: NumberFieldTexts = {
  label: 'الرمز الوارد في البريد',
  resend: 'إرسال الرمز مرة أخرى',
  resendIn: 'إرسال الرمز مرة أخرى بعد \u2068{time}\u2069',
  resendReady: 'يمكن الآن إرسال الرمز مرة أخرى.',
  resent: 'أُرسل الرمز مرة أخرى.',
  notDigits: 'يتكون الرمز من أرقام فقط.',
  wrong: 'هذا الرمز غير صالح. راجع أحدث رسالة أو ابدأ من جديد.',
  limited: 'محاولات كثيرة جدًا. حاول مرة أخرى بعد \u2068{time}\u2069.',
  gone: 'انتهت صلاحية هذا الرمز. ابدأ من جديد.',
  rejected: 'رفض خادم بريد هذا العنوان الرسالة. هل العنوان صحيح؟',
  failed: 'لم ينجح ذلك. حاول مرة أخرى.',
}
