import type { NumberFieldTexts } from '../number-field-texts.ts'

export const hu: NumberFieldTexts = {
  label: 'Kód az e-mailből',
  resend: 'Kód újraküldése',
  resendIn: 'Kód újraküldése: {time} múlva',
  resendReady: 'A kód most újraküldhető.',
  resent: 'A kódot újra elküldtük.',
  notDigits: 'A kód csak számjegyekből áll.',
  wrong: 'Ez a kód nem érvényes. Nézze meg a legújabb e-mailt, vagy kezdje újra.',
  limited: 'Túl sok próbálkozás. Próbálja újra {time} múlva.',
  gone: 'Ez a kód lejárt. Kezdje újra.',
  rejected: 'A cím levelezőszervere visszautasította az e-mailt. Helyes a cím?',
  failed: 'Ez nem sikerült. Próbálja újra.',
}
