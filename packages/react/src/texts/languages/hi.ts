import type { NumberFieldTexts } from '../number-field-texts.ts'

export const hi: NumberFieldTexts = {
  label: 'ईमेल में आया कोड',
  resend: 'कोड फिर से भेजें',
  resendIn: 'कोड फिर से भेजें: {time} में',
  resendReady: 'कोड अब फिर से भेजा जा सकता है।',
  resent: 'कोड फिर से भेज दिया गया।',
  notDigits: 'कोड में केवल अंक होते हैं।',
  wrong: 'यह कोड मान्य नहीं है। सबसे नया ईमेल देखें या फिर से शुरू करें।',
  limited: 'बहुत ज़्यादा कोशिशें हुईं। {time} में फिर से कोशिश करें।',
  gone: 'इस कोड का समय समाप्त हो गया है। फिर से शुरू करें।',
  rejected: 'इस पते के मेल सर्वर ने ईमेल अस्वीकार कर दिया। क्या पता सही है?',
  failed: 'यह नहीं हो सका। फिर से कोशिश करें।',
}
