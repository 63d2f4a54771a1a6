/** What a mail says in one language. `{number}`, `{tenant}` and `{valid}` are put in when it is compiled. */
export interface MailTexts {
  /** Begins with the number, so that a phone shows it without opening the mail. */
  readonly subject: string
  /** The first line of the text form, and what a mail list shows beside the subject. */
  readonly firstLine: string
  readonly heading: string
  readonly whatToDo: string
  readonly keepItSecret: string
  readonly notYou: string
}

const en: MailTexts = {
  subject: '{number} is your number for {tenant}',
  firstLine: '{number} is your number for {tenant}.',
  heading: 'Your number for {tenant}',
  whatToDo: 'Enter it where you were asked for it. It is valid for {valid} and works once.',
  keepItSecret: 'Tell it to nobody: {tenant} never asks for it by phone, mail or chat.',
  notYou: 'You did not ask for it? Ignore this mail; without the number nothing happens.',
}

const es: MailTexts = {
  subject: '{number} es tu número para {tenant}',
  firstLine: '{number} es tu número para {tenant}.',
  heading: 'Tu número para {tenant}',
  whatToDo: 'Escríbelo donde te lo han pedido. Vale durante {valid} y sirve una sola vez.',
  keepItSecret: 'No se lo digas a nadie: {tenant} nunca te lo pedirá por teléfono, correo o chat.',
  notYou: '¿No lo has pedido? Ignora este correo; sin el número no pasa nada.',
}

const TEXTS = { en, es } as const

/** A language that mails are written in. */
export type Language = keyof typeof TEXTS

export function textsIn(language: Language): MailTexts {
  return TEXTS[language]
}

/** The language of a locale (`es-MX` is `es`); English where there is none of ours. */
export function languageOf(locale: string | null): Language {
  const language = (locale ?? '').split('-')[0]?.toLowerCase() ?? ''
  return Object.hasOwn(TEXTS, language) ? (language as Language) : 'en'
}
