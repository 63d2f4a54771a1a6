import type { PageTexts } from '../page-texts.ts'

export const nl: PageTexts = {
  title: 'Kijk in je e-mail',
  sent: '{tenant} heeft een code gestuurd naar {email}.',
  label: 'Code uit de e-mail',
  go: 'Doorgaan',
  resend: 'Stuur de code opnieuw',
  resendIn: 'Stuur de code opnieuw over {time}',
  resent: 'De code is opnieuw gestuurd.',
  back: 'Terug naar {tenant}',
  wrong: 'Deze code is niet geldig. Kijk in de nieuwste e-mail.',
  limited: 'Te veel pogingen. Probeer het over {time} opnieuw.',
  rejected: 'De mailserver van dit adres heeft de e-mail geweigerd.',
  goneTitle: 'Deze code is niet meer geldig',
  gone: 'De code is gebruikt of verlopen, of er is een nieuwere. Begin opnieuw op de pagina waar je vandaan kwam.',
  unknownTitle: 'Deze pagina bestaat niet',
  unknown: 'De link is onvolledig, of de dienst gebruikt deze pagina niet.',
  foreign: 'Dit formulier is vanaf een andere site verstuurd.',
  failedTitle: 'Dat is niet gelukt',
  failed: 'Ga terug en probeer het zo meteen opnieuw.',
  testMode: 'Testmodus: er wordt geen e-mail verstuurd.',
}
