import { directionOf, type Language } from '@emailauth/contracts/languages'
import { readableOn } from '@emailauth/contracts/readable-on'
import { NUMBER_MAIL_HTML } from './generated/number-mail-html.ts'
import { type Look, linkWith } from './look.ts'
import type { MailTexts } from './mail-texts.ts'
import { textsIn } from './texts.ts'

/** The parts of a mail before encoding. */
export interface MailParts {
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface MailValues {
  readonly language: Language
  /** Plain text. Escaped here where needed. */
  readonly tenant: string
  /** The output of `validityIn`. */
  readonly valid: string
  /** The number in groups, as people read it. */
  readonly number: string
  /** The number without groups, for the link. */
  readonly digits: string
  readonly look: Look
  readonly texts: MailTexts
  /** Whether the code may appear where it is visible without opening the mail. */
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
  const fields: Readonly<Record<string, string>> = {
    ...escaped,
    // Long enough that no mail program shows the code after it in the preview.
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
      .replace(/\{\{(\w+)\}\}/g, (_, name: string) => fields[name] ?? '')
      .replaceAll('\n', '\r\n'),
  }
}

/** Fills in the values in one pass, so that text in a tenant's name is never a placeholder. */
function fill(texts: MailTexts, values: { tenant: string; valid: string; code: string }): MailTexts {
  const put = (text: string) =>
    text.replace(/\{(tenant|valid|code)\}/g, (_, name: keyof typeof values) => values[name])
  return each(texts, put)
}

/** A tenant's own texts may contain anything. */
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
