import { numberMailHtml } from './number-mail-html.ts'
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
}

/** Writes the mail in its language, as text and as HTML. */
export function writeNumberMail({ language, tenant, valid, number }: MailValues): MailParts {
  const plain = fill(textsIn(language), { tenant, valid, number })
  const escaped = fill(textsIn(language), { tenant: escapeHtml(tenant), valid: escapeHtml(valid), number })
  const lines = [plain.firstLine, plain.whatToDo, plain.keepItSecret, plain.notYou]
  return {
    subject: plain.subject,
    text: `${lines.join('\r\n\r\n')}\r\n`,
    html: numberMailHtml(language, escaped, number).replaceAll('\n', '\r\n'),
  }
}

/** Puts values in, in one pass: what a tenant's name contains is never read as a place for another value. */
function fill(texts: MailTexts, values: Omit<MailValues, 'language'>): MailTexts {
  const put = (text: string) =>
    text.replace(/\{(tenant|valid|number)\}/g, (_, name: keyof typeof values) => values[name])
  return {
    subject: put(texts.subject),
    firstLine: put(texts.firstLine),
    heading: put(texts.heading),
    whatToDo: put(texts.whatToDo),
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
