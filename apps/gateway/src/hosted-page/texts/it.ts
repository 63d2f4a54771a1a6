import type { PageTexts } from '../page-texts.ts'

export const it: PageTexts = {
  title: 'Guarda la tua e-mail',
  sent: '{tenant} ha inviato un codice a {email}.',
  label: 'Codice ricevuto per e-mail',
  go: 'Continua',
  resend: 'Invia di nuovo il codice',
  resendIn: 'Invia di nuovo il codice tra {time}',
  resent: 'Il codice è stato inviato di nuovo.',
  back: 'Torna a {tenant}',
  wrong: 'Questo codice non è valido. Guarda l’e-mail più recente.',
  limited: 'Troppi tentativi. Riprova tra {time}.',
  rejected: 'Il server di posta di questo indirizzo ha rifiutato l’e-mail.',
  goneTitle: 'Questo codice non è più valido',
  gone: 'È stato usato, è scaduto o ce n’è uno più recente. Ricomincia dalla pagina da cui sei arrivato.',
  unknownTitle: 'Questa pagina non esiste',
  unknown: 'Il link è incompleto, oppure il suo servizio non usa questa pagina.',
  foreign: 'Questo modulo è stato inviato da un altro sito.',
  failedTitle: 'Non ha funzionato',
  failed: 'Torna indietro e riprova tra un momento.',
  testMode: 'Modalità di test: non viene inviata alcuna e-mail.',
}
