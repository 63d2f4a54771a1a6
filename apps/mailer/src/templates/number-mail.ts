import { NUMBER_MAIL_HTML } from './generated/number-mail-html.ts'
import { type Look, linkWith, readableOn } from './look.ts'
import { type Language, type MailTexts, textsIn } from './texts.ts'

/** What a mail is made of before it is encoded. */
export interface MailParts {
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface MailValues {
  readonly language: Language
  /** Plain text; escaped here where it has to be. */
  readonly tenant: string
  /** As `validityIn` says it. */
  readonly valid: string
  /** As people read it, in groups. It stands at the beginning of a line everywhere, so that no encoding tears it apart. */
  readonly number: string
  /** The same without groups, for the link. */
  readonly digits: string
  readonly look: Look
}

/** Writes the mail in its language, as text and as HTML. */
export function writeNumberMail(values: MailValues): MailParts {
  const { language, tenant, valid, number, digits, look } = values
  const link = look.linkTemplate === undefined ? undefined : linkWith(look.linkTemplate, digits)
  const plain = fill(textsIn(language), { tenant, valid, number })
  const escaped = fill(textsIn(language), { tenant: escapeHtml(tenant), valid: escapeHtml(valid), number })
  const paragraphs = [
    plain.firstLine,
    plain.whatToDo,
    ...(link === undefined ? [] : [`${plain.openPage}:\r\n${link}`]),
    plain.keepItSecret,
    plain.notYou,
  ]
  const places: Readonly<Record<string, string>> = {
    ...escaped,
    language,
    number,
    tenant: escapeHtml(tenant),
    colour: look.colour,
    onColour: readableOn(look.colour),
    logo: escapeHtml(look.logoUrl ?? ''),
    link: escapeHtml(link ?? ''),
  }
  const template =
    NUMBER_MAIL_HTML[`${look.logoUrl === undefined ? '' : 'logo'}${link === undefined ? '' : 'link'}`]
  return {
    subject: plain.subject,
    text: `${paragraphs.join('\r\n\r\n')}\r\n`,
    html: template
      .replace(/\{\{(\w+)\}\}/g, (_, name: string) => places[name] ?? '')
      .replaceAll('\n', '\r\n'),
  }
}

/** Puts values in, in one pass: what a tenant's name contains is never read as a place for another value. */
function fill(texts: MailTexts, values: { tenant: string; valid: string; number: string }): MailTexts {
  const put = (text: string) =>
    text.replace(/\{(tenant|valid|number)\}/g, (_, name: keyof typeof values) => values[name])
  return {
    subject: put(texts.subject),
    firstLine: put(texts.firstLine),
    heading: put(texts.heading),
    whatToDo: put(texts.whatToDo),
    openPage: put(texts.openPage),
    keepItSecret: put(texts.keepItSecret),
    notYou: put(texts.notYou),
  }
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
