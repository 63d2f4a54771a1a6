import { randomInt } from 'node:crypto'
import type { Language } from '@emailauth/contracts/languages'
import MailComposer from 'nodemailer/lib/mail-composer'
import { encodeWords, foldLines } from 'nodemailer/lib/mime-funcs'
import type { Look } from '../templates/look.ts'
import type { MailTexts } from '../templates/mail-texts.ts'
import { writeNumberMail } from '../templates/number-mail.ts'
import { type DkimKey, signDkim } from './dkim.ts'
import { type ExtraHeaders, MESSAGE_ID } from './extra-headers.ts'
import type { Mailbox } from './mailbox.ts'

/** A mail as RFC 5322 bytes, with gaps for what differs between messages. */
export interface CompiledMail {
  /**
   * Writes a message as it is sent to an SMTP server. It only joins strings: encoding and MIME are done
   * already. With keys it also signs.
   */
  render(values: MessageValues): string
}

interface MessageValues {
  /** The recipient's checked address, copied into the `To` header unchanged. */
  readonly email: string
  /** The number in groups, with the length the mail was compiled for. */
  readonly number: string
  /** `id@domain`, without the angle brackets. */
  readonly messageId: string
  readonly date: Date
}

interface CompileOptions {
  readonly from: Mailbox
  readonly replyTo: string | undefined
  readonly headers?: ExtraHeaders
  readonly language: Language
  readonly tenant: string
  readonly valid: string
  readonly look: Look
  readonly texts: MailTexts
  readonly codeInSubject: boolean
  /** Length of the number, in groups and without. */
  readonly numberLength: number
  readonly digitsLength: number
  /** Every key signs. */
  readonly dkimKeys: readonly DkimKey[]
}

/**
 * How often the grouped number stands in a mail: the text's first line, and the number itself.
 * `codeInSubject` adds subject and preview line. Links have it in text and HTML.
 */
const GROUPED_IN_A_MAIL = 2
const GROUPED_BEFORE_IT_IS_OPENED = 2
const DIGITS_IN_A_LINK = 2

/**
 * Assembles a mail once. nodemailer writes headers, encodings and boundaries around placeholders for the
 * number, and the result is cut at the placeholders.
 * The placeholders are random, so that no tenant's name can contain them.
 */
export async function compileMail(options: CompileOptions): Promise<CompiledMail> {
  const { from, replyTo, language, look, dkimKeys } = options
  const { fixed, ofId } = splitHeaders(options.headers ?? {})
  const number = standIn(options.numberLength)
  const digits = standIn(options.digitsLength)
  const { subject, text, html } = writeNumberMail({ ...options, number, digits })
  const composed = new MailComposer({
    from: { name: from.name, address: from.address },
    ...(replyTo === undefined ? {} : { replyTo }),
    text,
    html,
    textEncoding: 'quoted-printable',
    encoding: 'quoted-printable',
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': language,
      ...fixed,
    },
  })
  const built = (await composed.compile().build()).toString('latin1')
  const mail = withoutDots(untorn(untorn(built, digits), number))
  // Each message has its own Message-ID and the like. They precede the other headers.
  const headEnd = mail.indexOf('\r\n\r\n')
  const head = mail.slice(0, headEnd).replace(/^(?:Date|Message-ID): .*\r\n/gim, '')
  const whole = subjectHeader(subject, number) + head + mail.slice(headEnd)
  const pieces = piecesOf(whole)
  const counts = { grouped: pieces.length - 1, digits: pieces.flat().length - pieces.length }
  const expected = look.linkTemplate === undefined ? 0 : DIGITS_IN_A_LINK
  const grouped = GROUPED_IN_A_MAIL + (options.codeInSubject ? GROUPED_BEFORE_IT_IS_OPENED : 0)
  if (counts.grouped !== grouped || counts.digits !== expected) {
    throw new Error(`A compiled mail has ${counts.grouped} and ${counts.digits} positions of the number.`)
  }
  if (/[^\p{ASCII}]|(?<!\r)\n|\r(?!\n)|[^\n]$|\n\./u.test(whole)) {
    throw new Error('A compiled mail is not made of lines of ASCII that end in CRLF and begin without a dot.')
  }
  return {
    render({ email, number: grouped, messageId, date }) {
      const bare = grouped.replaceAll(' ', '')
      // Everything except the address is ASCII. An address beyond ASCII is sent as UTF-8 (RFC 6532).
      const ids = ofId.map((name) => `${name}: <${messageId}>\r\n`).join('')
      const own = `Date: ${rfc5322(date)}\r\nMessage-ID: <${messageId}>\r\nTo: ${email}\r\n${ids}`
      const message = own + put(pieces, grouped, bare)
      if (dkimKeys.length === 0) return message
      return dkimKeys.map((key) => signDkim(key, message)).join('') + message
    },
  }

  function piecesOf(text: string): string[][] {
    return text.split(number).map((piece) => piece.split(digits))
  }
}

/** Splits headers into those equal for all messages, and the names of those that repeat the Message-ID. */
function splitHeaders(headers: ExtraHeaders) {
  const entries = Object.entries(headers)
  return {
    fixed: Object.fromEntries(entries.filter(([, value]) => value !== MESSAGE_ID)),
    ofId: entries.filter(([, value]) => value === MESSAGE_ID).map(([name]) => name),
  }
}

// Concatenated, not joined: the text is then copied only once, when it is written to the socket.
function put(pieces: readonly string[][], grouped: string, bare: string): string {
  let text = ''
  for (const [i, piece] of pieces.entries()) {
    if (i > 0) text += grouped
    for (const [j, part] of piece.entries()) text += j > 0 ? bare + part : part
  }
  return text
}

function standIn(length: number): string {
  return Array.from({ length }, () => randomInt(36).toString(36)).join('')
}

/** Where a soft line break of quoted-printable splits a placeholder, move the breaks around it. */
function untorn(mail: string, word: string): string {
  const torn = new RegExp([...word].join('(=\\r\\n)?'), 'g')
  return mail.replace(torn, (found) => (found === word ? word : `=\r\n${word}=\r\n`))
}

/** The number stays outside the encoded words (RFC 2047), which cannot hold its spaces or be cut there. */
function subjectHeader(subject: string, number: string): string {
  // An encoded word must be separated by a space.
  const parts = subject
    .split(number)
    .map((part) => (/^\p{ASCII}*$/u.test(part) ? part : ` ${encodeWords(part.trim(), 'Q', 52, true)} `))
  return `${foldLines(`Subject: ${parts.join(number).trim()}`, 76)}\r\n`
}

function rfc5322(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000')
}

/** An encoded dot has three characters, and a line of quoted-printable text at most 76. */
const DOTS_IN_A_LINE = 25

/**
 * Encodes the dots that begin a line of quoted-printable text, so that DATA needs none doubled (RFC 5321,
 * 4.5.2) and BDAT sends the same bytes. Soft line breaks keep lines within their length.
 */
export function withoutDots(mail: string): string {
  return mail.replace(/^\.+/gm, (dots) => {
    const lines = Math.ceil(dots.length / DOTS_IN_A_LINE)
    const most = (line: number) => Math.min(dots.length - line * DOTS_IN_A_LINE, DOTS_IN_A_LINE)
    return Array.from({ length: lines }, (_, line) => `${'=2E'.repeat(most(line))}=\r\n`).join('')
  })
}
