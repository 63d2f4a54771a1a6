import type { NumberFieldTexts } from '../number-field-texts.ts'

export const it: NumberFieldTexts = {
  label: 'Codice ricevuto per e-mail',
  resend: 'Invia di nuovo il codice',
  resendIn: 'Invia di nuovo il codice tra {time}',
  resendReady: 'Ora il codice può essere inviato di nuovo.',
  resent: 'Il codice è stato inviato di nuovo.',
  notDigits: 'Il codice contiene solo cifre.',
  wrong: 'Questo codice non è valido. Guarda l’e-mail più recente o ricomincia.',
  limited: 'Troppi tentativi. Riprova tra {time}.',
  gone: 'Questo codice è scaduto. Ricomincia.',
  rejected: 'Il server di posta di questo indirizzo ha rifiutato l’e-mail. L’indirizzo è corretto?',
  failed: 'Non ha funzionato. Riprova.',
}
