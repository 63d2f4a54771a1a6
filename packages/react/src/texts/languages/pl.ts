import type { NumberFieldTexts } from '../number-field-texts.ts'

export const pl: NumberFieldTexts = {
  label: 'Kod z wiadomości',
  resend: 'Wyślij kod ponownie',
  resendIn: 'Wyślij kod ponownie za {time}',
  resendReady: 'Kod można już wysłać ponownie.',
  resent: 'Kod został wysłany ponownie.',
  notDigits: 'Kod składa się tylko z cyfr.',
  wrong: 'Ten kod jest nieprawidłowy. Sprawdź najnowszą wiadomość lub zacznij od nowa.',
  limited: 'Zbyt wiele prób. Spróbuj ponownie za {time}.',
  gone: 'Ten kod wygasł. Zacznij od nowa.',
  rejected: 'Serwer pocztowy tego adresu odrzucił wiadomość. Czy adres jest prawidłowy?',
  failed: 'Nie udało się. Spróbuj ponownie.',
}
