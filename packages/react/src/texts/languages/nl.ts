import type { NumberFieldTexts } from '../number-field-texts.ts'

export const nl: NumberFieldTexts = {
  label: 'Code uit de e-mail',
  resend: 'Stuur de code opnieuw',
  resendIn: 'Stuur de code opnieuw over {time}',
  resendReady: 'De code kan nu opnieuw worden gestuurd.',
  resent: 'De code is opnieuw gestuurd.',
  notDigits: 'De code bestaat alleen uit cijfers.',
  wrong: 'Deze code is niet geldig. Kijk in de nieuwste e-mail of begin opnieuw.',
  limited: 'Te veel pogingen. Probeer het over {time} opnieuw.',
  gone: 'Deze code is verlopen. Begin opnieuw.',
  rejected: 'De mailserver van dit adres heeft de e-mail geweigerd. Klopt het adres?',
  failed: 'Dat is niet gelukt. Probeer het opnieuw.',
}
