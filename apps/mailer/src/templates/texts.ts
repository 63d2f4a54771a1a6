/** What a mail says in one language. `{number}`, `{tenant}` and `{valid}` are put in when it is compiled. */
export interface MailTexts {
  /** Begins with the number, so that a phone shows it without opening the mail. */
  readonly subject: string
  /** The first line of the text form, and what a mail list shows beside the subject. */
  readonly firstLine: string
  readonly heading: string
  readonly whatToDo: string
  /** On the button that opens the tenant's page; nothing is verified by opening it. */
  readonly openPage: string
  readonly keepItSecret: string
  readonly notYou: string
}

const en: MailTexts = {
  subject: '{number} is your number for {tenant}',
  firstLine: '{number} is your number for {tenant}.',
  heading: 'Your number for {tenant}',
  whatToDo: 'Enter it where you were asked for it. It is valid for {valid} and works once.',
  openPage: 'Open the page with this number',
  keepItSecret: 'Tell it to nobody: {tenant} never asks for it by phone, mail or chat.',
  notYou: 'You did not ask for it? Ignore this mail; without the number nothing happens.',
}

const es: MailTexts = {
  subject: '{number} es tu número para {tenant}',
  firstLine: '{number} es tu número para {tenant}.',
  heading: 'Tu número para {tenant}',
  whatToDo: 'Escríbelo donde te lo han pedido. Vale durante {valid} y sirve una sola vez.',
  openPage: 'Abrir la página con este número',
  keepItSecret: 'No se lo digas a nadie: {tenant} nunca te lo pedirá por teléfono, correo o chat.',
  notYou: '¿No lo has pedido? Ignora este correo; sin el número no pasa nada.',
}

const pt: MailTexts = {
  subject: '{number} é o seu número para {tenant}',
  firstLine: '{number} é o seu número para {tenant}.',
  heading: 'O seu número para {tenant}',
  whatToDo: 'Introduza-o onde lhe foi pedido. É válido durante {valid} e só pode ser usado uma vez.',
  openPage: 'Abrir a página com este número',
  keepItSecret: 'Não o revele a ninguém: {tenant} nunca o pedirá por telefone, e-mail ou chat.',
  notYou: 'Não pediu este número? Ignore esta mensagem; sem o número, nada acontece.',
}

const fr: MailTexts = {
  subject: '{number} est votre numéro pour {tenant}',
  firstLine: '{number} est votre numéro pour {tenant}.',
  heading: 'Votre numéro pour {tenant}',
  whatToDo:
    'Saisissez-le là où il vous a été demandé. Il est valable pendant {valid} et ne sert qu’une seule fois.',
  openPage: 'Ouvrir la page avec ce numéro',
  keepItSecret:
    'Ne le communiquez à personne : {tenant} ne vous le demandera jamais par téléphone, par e-mail ou par chat.',
  notYou: 'Vous n’avez rien demandé ? Ignorez cet e-mail ; sans le numéro, il ne se passe rien.',
}

const de: MailTexts = {
  subject: '{number} ist Ihre Nummer für {tenant}',
  firstLine: '{number} ist Ihre Nummer für {tenant}.',
  heading: 'Ihre Nummer für {tenant}',
  whatToDo:
    'Geben Sie sie dort ein, wo Sie danach gefragt wurden. Sie gilt {valid} lang und nur ein einziges Mal.',
  openPage: 'Seite mit dieser Nummer öffnen',
  keepItSecret: 'Geben Sie sie niemandem weiter: {tenant} fragt nie per Telefon, E-Mail oder Chat danach.',
  notYou: 'Sie haben keine Nummer angefordert? Ignorieren Sie diese E-Mail; ohne die Nummer passiert nichts.',
}

const TEXTS = { en, es, pt, fr, de } as const

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
