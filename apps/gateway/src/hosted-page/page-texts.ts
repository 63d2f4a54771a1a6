import type { IncomingHttpHeaders } from 'node:http'
import Negotiator from 'negotiator'

/** What the hosted page says. `{tenant}`, `{email}` and `{time}` are filled in. */
export interface PageTexts {
  readonly title: string
  readonly sent: string
  readonly label: string
  readonly go: string
  readonly resend: string
  readonly resent: string
  readonly back: string
  readonly wrong: string
  readonly limited: string
  readonly rejected: string
  readonly goneTitle: string
  readonly gone: string
  readonly unknownTitle: string
  readonly unknown: string
  readonly foreign: string
  readonly failedTitle: string
  readonly failed: string
  readonly testMode: string
}

const en: PageTexts = {
  title: 'Look into your mail',
  sent: '{tenant} has sent a code to {email}.',
  label: 'Code from the mail',
  go: 'Continue',
  resend: 'Send the code again',
  resent: 'The code was sent again.',
  back: 'Back to {tenant}',
  wrong: 'This code is not valid. Look at the newest mail.',
  limited: 'Too many tries. Try again in {time}.',
  rejected: 'The mail server of this address refused the mail.',
  goneTitle: 'This code is not valid any more',
  gone: 'It was used, has expired, or there is a newer one. Start again where you came from.',
  unknownTitle: 'There is no such page',
  unknown: 'The link is incomplete, or its service does not use this page.',
  foreign: 'This form was sent from another site.',
  failedTitle: 'That did not work',
  failed: 'Go back and try again in a moment.',
  testMode: 'Test mode: nobody is mailed.',
}

const es: PageTexts = {
  title: 'Mira tu correo',
  sent: '{tenant} ha enviado un código a {email}.',
  label: 'Código del correo',
  go: 'Continuar',
  resend: 'Enviar el código otra vez',
  resent: 'El código se ha enviado otra vez.',
  back: 'Volver a {tenant}',
  wrong: 'Este código no es válido. Mira el correo más reciente.',
  limited: 'Demasiados intentos. Inténtalo otra vez en {time}.',
  rejected: 'El servidor de correo de esta dirección rechazó el mensaje.',
  goneTitle: 'Este código ya no es válido',
  gone: 'Se ha usado, ha caducado o hay uno más reciente. Empieza de nuevo en la página de la que vienes.',
  unknownTitle: 'No existe esta página',
  unknown: 'El enlace está incompleto o su servicio no usa esta página.',
  foreign: 'Este formulario se envió desde otro sitio.',
  failedTitle: 'No ha funcionado',
  failed: 'Vuelve atrás e inténtalo otra vez dentro de un momento.',
  testMode: 'Modo de prueba: no se envía ningún correo.',
}

const TEXTS = { en, es }
export type PageLanguage = keyof typeof TEXTS

/** The language that the browser prefers; English where it asks for none of ours. */
export function pageLanguage(headers: IncomingHttpHeaders): PageLanguage {
  const [best] = new Negotiator({ headers }).languages(Object.keys(TEXTS))
  return best === 'es' ? 'es' : 'en'
}

export const textsIn = (language: PageLanguage): PageTexts => TEXTS[language]

/** Fills a text's places. */
export function filled(text: string, places: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => places[name] ?? whole)
}
