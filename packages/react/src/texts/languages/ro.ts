import type { NumberFieldTexts } from '../number-field-texts.ts'

export const ro: NumberFieldTexts = {
  label: 'Codul din e-mail',
  resend: 'Trimite codul din nou',
  resendIn: 'Trimite codul din nou peste {time}',
  resendReady: 'Codul poate fi trimis din nou acum.',
  resent: 'Codul a fost trimis din nou.',
  notDigits: 'Codul are numai cifre.',
  wrong: 'Acest cod nu este valabil. Uită-te la cel mai nou e-mail sau ia-o de la capăt.',
  limited: 'Prea multe încercări. Încearcă din nou peste {time}.',
  gone: 'Acest cod a expirat. Ia-o de la capăt.',
  rejected: 'Serverul de e-mail al acestei adrese a refuzat mesajul. Este corectă adresa?',
  failed: 'Nu a mers. Încearcă din nou.',
}
