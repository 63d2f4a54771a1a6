import type { PageTexts } from '../page-texts.ts'

export const hu: PageTexts = {
  title: 'Nézze meg a postafiókját',
  sent: '{tenant} kódot küldött erre a címre: {email}.',
  label: 'Kód az e-mailből',
  go: 'Tovább',
  resend: 'Kód újraküldése',
  resendIn: 'Kód újraküldése: {time} múlva',
  resent: 'A kódot újra elküldtük.',
  back: 'Vissza ide: {tenant}',
  wrong: 'Ez a kód nem érvényes. Nézze meg a legújabb e-mailt.',
  limited: 'Túl sok próbálkozás. Próbálja újra {time} múlva.',
  rejected: 'A cím levelezőszervere visszautasította az e-mailt.',
  goneTitle: 'Ez a kód már nem érvényes',
  gone: 'Felhasználták, lejárt, vagy van újabb. Kezdje újra azon az oldalon, ahonnan jött.',
  unknownTitle: 'Nincs ilyen oldal',
  unknown: 'A hivatkozás hiányos, vagy a szolgáltatás nem használja ezt az oldalt.',
  foreign: 'Ezt az űrlapot egy másik webhelyről küldték.',
  failedTitle: 'Ez nem sikerült',
  failed: 'Lépjen vissza, és próbálja újra egy kicsit később.',
  testMode: 'Tesztmód: nem küldünk e-mailt.',
}
