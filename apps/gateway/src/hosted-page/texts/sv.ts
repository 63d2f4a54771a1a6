import type { PageTexts } from '../page-texts.ts'

export const sv: PageTexts = {
  title: 'Titta i din e-post',
  sent: '{tenant} har skickat en kod till {email}.',
  label: 'Kod från mejlet',
  go: 'Fortsätt',
  resend: 'Skicka koden igen',
  resendIn: 'Skicka koden igen om {time}',
  resent: 'Koden har skickats igen.',
  back: 'Tillbaka till {tenant}',
  wrong: 'Den här koden är inte giltig. Titta i det senaste mejlet.',
  limited: 'För många försök. Försök igen om {time}.',
  rejected: 'Adressens e-postserver tog inte emot mejlet.',
  goneTitle: 'Den här koden gäller inte längre',
  gone: 'Den har använts, har gått ut eller så finns det en nyare. Börja om på sidan du kom från.',
  unknownTitle: 'Sidan finns inte',
  unknown: 'Länken är ofullständig, eller så använder tjänsten inte den här sidan.',
  foreign: 'Formuläret skickades från en annan webbplats.',
  failedTitle: 'Det gick inte',
  failed: 'Gå tillbaka och försök igen om en stund.',
  testMode: 'Testläge: inga mejl skickas.',
}
