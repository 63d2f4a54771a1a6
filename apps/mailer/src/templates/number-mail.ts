import { NUMBER_MAIL_HTML } from './generated/number-mail-html.ts'
import { type Look, linkWith, readableOn } from './look.ts'
import type { MailTexts } from './mail-texts.ts'
import { directionOf, type Language, textsIn } from './texts.ts'

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
  /** As people read it, in groups. */
  readonly number: string
  /** The same without groups, for the link. */
  readonly digits: string
  readonly look: Look
  readonly texts: MailTexts
  /** Whether the code may stand where it is seen without opening the mail. */
  readonly codeInSubject: boolean
}

/** Writes the mail in its language, as text and as HTML. */
export function writeNumberMail(values: MailValues): MailParts {
  const { language, tenant, valid, number, digits, look, texts, codeInSubject } = values
  const link = look.linkTemplate === undefined ? undefined : linkWith(look.linkTemplate, digits)
  const plain = fill(texts, { tenant, valid, code: number })
  const escaped = fill(escapeAll(texts), {
    tenant: escapeHtml(tenant),
    valid: escapeHtml(valid),
    code: number,
  })
  const paragraphs = [
    fill(textsIn(language), { tenant, valid, code: number }).subject,
    plain.intro,
    ...(link === undefined ? [] : [`${plain.openPage}:\r\n${link}`]),
    plain.keepItSecret,
    plain.footer,
  ]
  const places: Readonly<Record<string, string>> = {
    ...escaped,
    // Long enough that no mail program goes on to the code behind it.
    preview: codeInSubject ? escaped.subject : `${escaped.intro} ${escaped.keepItSecret} ${escaped.footer}`,
    language,
    direction: directionOf(language),
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
    subject: codeInSubject ? plain.subject : plain.subjectWithoutCode,
    text: `${paragraphs.join('\r\n\r\n')}\r\n`,
    html: template
      .replace(/\{\{(\w+)\}\}/g, (_, name: string) => places[name] ?? '')
      .replaceAll('\n', '\r\n'),
  }
}

/** Puts values in, in one pass: what a tenant's name contains is never read as a place for another value. */
function fill(texts: MailTexts, values: { tenant: string; valid: string; code: string }): MailTexts {
  const put = (text: string) =>
    text.replace(/\{(tenant|valid|code)\}/g, (_, name: keyof typeof values) => values[name])
  return each(texts, put)
}

/** A tenant's own texts may hold anything. */
const escapeAll = (texts: MailTexts) => each(texts, escapeHtml)

function each(texts: MailTexts, change: (text: string) => string): MailTexts {
  return {
    subject: change(texts.subject),
    subjectWithoutCode: change(texts.subjectWithoutCode),
    heading: change(texts.heading),
    intro: change(texts.intro),
    openPage: change(texts.openPage),
    keepItSecret: change(texts.keepItSecret),
    footer: change(texts.footer),
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
