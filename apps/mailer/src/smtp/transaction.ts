import type { SmtpFailure } from './failure.ts'
import type { OutgoingMail } from './hand-over.ts'
import type { Reply } from './replies.ts'

/** A message for one connection. */
export type Message = Pick<OutgoingMail, 'from' | 'to' | 'raw' | 'cutOff'>

/** A failed send, and whether the relay may have the mail. */
export interface SendFailure {
  readonly error: SmtpFailure
  /** The message text had begun. */
  readonly bodyBegan: boolean
  /** The message was one write, by BDAT. */
  readonly isWhole: boolean
}

/** How a send ended: the reply of a relay that has taken the mail, or the failure. */
export type Sent = { readonly reply: string } | SendFailure

/** Error code for a group of commands that got 503 or no reply. Single commands may work. */
export const NOT_IN_A_GROUP = 'EPIPELINING'
/** Error code for a BDAT that the relay does not understand after all. DATA may work. */
export const NOT_BY_BDAT = 'ECHUNKING'

/**
 * How a message goes out. `singly`: one command at a time. `group`: MAIL, RCPT and DATA in one write, the
 * text in another. `whole`: MAIL, RCPT, BDAT and the text in one write. On a connection whose relay has not
 * taken a BDAT yet, the first line of the text goes ahead alone: a relay without BDAT would take each line of
 * a text for a command.
 */
export type Form = 'singly' | 'group' | 'whole'

/** One message on its way over a connection. */
export interface Transaction {
  readonly message: Message
  readonly isPlain: boolean
  readonly form: Form
  readonly done: (sent: Sent) => void
  failure: SmtpFailure | undefined
  bodyBegan: boolean
}

/** What a reply answers. `CHUNK`: a BDAT that is not the last. `NOTHING`: the end of no text. */
export type Step = 'RSET' | 'MAIL FROM' | 'RCPT TO' | 'DATA' | 'CHUNK' | 'BODY' | 'NOTHING'

/** Nearly every mail is ASCII, which Node writes without a copy. */
export const encodingOf = ({ isPlain }: Transaction) => (isPlain ? 'latin1' : 'utf8')
/** The first line of the text, with its end. */
export const firstLine = ({ message: { raw } }: Transaction) => raw.slice(0, raw.indexOf('\r\n') + 2)

/** A part of the text, and the command before it. `last`: ' LAST' for the last part. */
export function bdat({ isPlain }: Transaction, text: string, last = ''): string {
  return `BDAT ${isPlain ? text.length : Buffer.byteLength(text)}${last}\r\n${text}`
}

export const rcptTo = ({ message }: Transaction) => `RCPT TO:<${message.to}>\r\n`
export const mailFrom = ({ message: { from }, isPlain }: Transaction) =>
  `MAIL FROM:<${from}>${isPlain ? '' : ' SMTPUTF8'}\r\n`

export function isAscii(text: string): boolean {
  return !/[^\p{ASCII}]/u.test(text)
}

export const failed = ({ bodyBegan, form }: Transaction, error: SmtpFailure): SendFailure => ({
  error,
  bodyBegan,
  isWhole: form === 'whole',
})

/** What a refused step means. */
export function refusal(step: Step, { code, text }: Reply, { form }: Transaction): SmtpFailure {
  // "Bad sequence" before anything else was refused: grouping was the problem.
  const notInAGroup = form !== 'singly' && code === 503 && step !== 'BODY' && step !== 'CHUNK'
  // RFC 5321, 4.2.4: 500 to 504 are about the command and not about the message.
  const isBdat = step === 'CHUNK' || (step === 'BODY' && form === 'whole')
  const notByBdat = isBdat && code >= 500 && code <= 504
  return {
    ...(notInAGroup ? { code: NOT_IN_A_GROUP } : notByBdat ? { code: NOT_BY_BDAT } : {}),
    command: step === 'BODY' || step === 'CHUNK' || step === 'NOTHING' ? 'DATA' : step,
    response: text,
    responseCode: code,
  }
}
