import { randomInt } from 'node:crypto'
import MailComposer from 'nodemailer/lib/mail-composer'
import { encodeWords, foldLines } from 'nodemailer/lib/mime-funcs'
import type { Mailbox } from '../smtp/mailbox.ts'
import { writeNumberMail } from './number-mail.ts'
import type { Language } from './texts.ts'

/** A mail as RFC 5322 bytes, save for what differs from message to message. */
export interface CompiledMail {
  /** Plain string work: no encoding and no MIME is left to be done. */
  render(values: MessageValues): Buffer
}

interface MessageValues {
  /** Address of the person; goes into the `To` header as it is, so it must be a checked one. */
  readonly email: string
  /** The number in groups, as long as the one the mail was compiled for. */
  readonly number: string
  /** `id@domain`, without the angle brackets. */
  readonly messageId: string
  readonly date: Date
}

interface CompileOptions {
  readonly from: Mailbox
  readonly language: Language
  readonly tenant: string
  readonly valid: string
  /** How long the grouped number is, in characters with its spaces. */
  readonly numberLength: number
}

/** In the subject, the text's first line, the HTML's preview line and the number itself. */
const NUMBERS_IN_A_MAIL = 4

/**
 * Assembles a mail once: nodemailer writes headers, encodings and boundaries around a stand-in for the number, and the result is
 * cut at the stand-ins. The stand-in is drawn at random, so that no tenant's name can contain it.
 */
export async function compileMail(options: CompileOptions): Promise<CompiledMail> {
  const standIn = Array.from({ length: options.numberLength }, () => randomInt(36).toString(36)).join('')
  const { from, language, tenant, valid } = options
  const { subject, text, html } = writeNumberMail({ language, tenant, valid, number: standIn })
  const composed = new MailComposer({
    from: { name: from.name, address: from.address },
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
    },
  })
  const mail = (await composed.compile().build()).toString('latin1')
  // Each message has its own of these; they are put in front of the rest.
  const headEnd = mail.indexOf('\r\n\r\n')
  const head = mail.slice(0, headEnd).replace(/^(?:Date|Message-ID): .*\r\n/gim, '')
  const pieces = (subjectHeader(subject, standIn) + head + mail.slice(headEnd)).split(standIn)
  if (pieces.length !== NUMBERS_IN_A_MAIL + 1) {
    throw new Error(
      `A compiled mail has ${pieces.length - 1} places for the number, not ${NUMBERS_IN_A_MAIL}.`,
    )
  }
  return {
    render({ email, number, messageId, date }) {
      const own = `Date: ${rfc5322(date)}\r\nMessage-ID: <${messageId}>\r\nTo: ${email}\r\n`
      // All but the address is ASCII; an address beyond it goes out as UTF-8, as RFC 6532 says.
      return Buffer.from(own + pieces.join(number), 'utf8')
    },
  }
}

/** The number stays outside the encoded words (RFC 2047), which could neither hold its spaces nor be cut there. */
function subjectHeader(subject: string, standIn: string): string {
  const words = subject.split(standIn).map((part) => encodeWords(part.trim(), 'Q', 52, true))
  return `${foldLines(`Subject: ${words.join(` ${standIn} `).trim()}`, 76)}\r\n`
}

function rfc5322(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000')
}
