import type { PageTexts } from '../page-texts.ts'

export const pl: PageTexts = {
  title: 'Sprawdź swoją pocztę',
  sent: '{tenant} wysyła kod na adres {email}.',
  label: 'Kod z wiadomości',
  go: 'Dalej',
  resend: 'Wyślij kod ponownie',
  resendIn: 'Wyślij kod ponownie za {time}',
  resent: 'Kod został wysłany ponownie.',
  back: 'Wróć do {tenant}',
  wrong: 'Ten kod jest nieprawidłowy. Sprawdź najnowszą wiadomość.',
  limited: 'Zbyt wiele prób. Spróbuj ponownie za {time}.',
  rejected: 'Serwer pocztowy tego adresu odrzucił wiadomość.',
  goneTitle: 'Ten kod nie jest już ważny',
  gone: 'Został użyty, wygasł lub istnieje nowszy. Zacznij ponownie na stronie, z której przychodzisz.',
  unknownTitle: 'Nie ma takiej strony',
  unknown: 'Link jest niepełny lub jego usługa nie korzysta z tej strony.',
  foreign: 'Ten formularz wysłano z innej witryny.',
  failedTitle: 'Nie udało się',
  failed: 'Wróć i spróbuj ponownie za chwilę.',
  testMode: 'Tryb testowy: żadna wiadomość nie jest wysyłana.',
}
