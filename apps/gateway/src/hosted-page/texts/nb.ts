import type { PageTexts } from '../page-texts.ts'

export const nb: PageTexts = {
  title: 'Se i e-posten din',
  sent: '{tenant} har sendt en kode til {email}.',
  label: 'Kode fra e-posten',
  go: 'Fortsett',
  resend: 'Send koden på nytt',
  resendIn: 'Send koden på nytt om {time}',
  resent: 'Koden er sendt på nytt.',
  back: 'Tilbake til {tenant}',
  wrong: 'Denne koden er ikke gyldig. Se i den nyeste e-posten.',
  limited: 'For mange forsøk. Prøv igjen om {time}.',
  rejected: 'E-postserveren til denne adressen avviste e-posten.',
  goneTitle: 'Denne koden er ikke lenger gyldig',
  gone: 'Den er brukt eller utløpt, eller det finnes en nyere. Begynn på nytt på siden du kom fra.',
  unknownTitle: 'Denne siden finnes ikke',
  unknown: 'Lenken er ufullstendig, eller tjenesten bruker ikke denne siden.',
  foreign: 'Dette skjemaet ble sendt fra et annet nettsted.',
  failedTitle: 'Det gikk ikke',
  failed: 'Gå tilbake og prøv igjen om et øyeblikk.',
  testMode: 'Testmodus: det sendes ingen e-post.',
}
