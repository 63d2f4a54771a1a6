import type { MailTexts } from '../mail-texts.ts'

export const hi: MailTexts = {
  subject: '{code} — {tenant} के लिए आपका सत्यापन कोड',
  subjectWithoutCode: '{tenant} के लिए आपका सत्यापन कोड',
  heading: '{tenant} के लिए आपका सत्यापन कोड',
  intro: 'इसे वहाँ दर्ज करें जहाँ आपसे माँगा गया था। यह {valid} तक मान्य है और एक ही बार काम करता है।',
  openPage: 'इस कोड के साथ पेज खोलें',
  keepItSecret: 'इसे किसी को न बताएँ: {tenant} इसे फ़ोन, ईमेल या चैट पर कभी नहीं माँगता।',
  footer: 'आपने यह नहीं माँगा? इस ईमेल को अनदेखा करें; कोड के बिना कुछ नहीं होता।',
}
