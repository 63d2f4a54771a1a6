import type { PageTexts } from '../page-texts.ts'

export const da: PageTexts = {
  title: 'Se i din indbakke',
  sent: '{tenant} har sendt en kode til {email}.',
  label: 'Kode fra mailen',
  go: 'Fortsæt',
  resend: 'Send koden igen',
  resendIn: 'Send koden igen om {time}',
  resent: 'Koden er sendt igen.',
  back: 'Tilbage til {tenant}',
  wrong: 'Denne kode er ikke gyldig. Se i den nyeste mail.',
  limited: 'For mange forsøg. Prøv igen om {time}.',
  rejected: 'Adressens mailserver afviste mailen.',
  goneTitle: 'Denne kode er ikke længere gyldig',
  gone: 'Den er brugt eller udløbet, eller der er en nyere. Begynd forfra på den side, du kom fra.',
  unknownTitle: 'Siden findes ikke',
  unknown: 'Linket er ufuldstændigt, eller tjenesten bruger ikke denne side.',
  foreign: 'Denne formular blev sendt fra et andet websted.',
  failedTitle: 'Det lykkedes ikke',
  failed: 'Gå tilbage, og prøv igen om et øjeblik.',
  testMode: 'Testtilstand: der sendes ingen mails.',
}
