import PostalMime, { type Attachment, type Email } from 'postal-mime'
import { blindCopies, type MailAddress, mailAddresses } from './addresses.ts'
import { textOfHtml } from './html-text.ts'

/** A mail's SMTP envelope, which may differ from its headers. */
export interface Envelope {
  /** Empty for a bounce. */
  readonly from: string
  readonly to: readonly string[]
}

/** A mail as it came, and what a list of mails shows of it. */
export interface Mail {
  readonly raw: Buffer
  readonly envelope: Envelope
  readonly messageId: string
  readonly subject: string
  readonly from: MailAddress
  readonly to: readonly MailAddress[]
  readonly cc: readonly MailAddress[]
  readonly bcc: readonly MailAddress[]
  readonly replyTo: readonly MailAddress[]
  /** Attachments, those that the text shows included. */
  readonly attachmentCount: number
  readonly inlineCount: number
  /** The first words of the text. */
  readonly snippet: string
  /** The mail's text in lower case, for plain words in a search. */
  readonly words: string
}

const SNIPPET_CHARACTERS = 200

/** Parses a mail. Every mail is kept: one with unreadable MIME shows its source as its text. */
export async function readMail(raw: Buffer, envelope: Envelope): Promise<Mail> {
  const email = await parseMime(raw)
  const [from] = mailAddresses(email.from === undefined ? [] : [email.from])
  const to = mailAddresses(email.to)
  const cc = mailAddresses(email.cc)
  const bcc = mailAddresses(email.bcc)
  const text = (email.text ?? textOfHtml(email.html ?? '')).replace(/\s+/g, ' ').trim()
  return {
    raw,
    envelope,
    messageId: email.messageId?.replace(/^<|>$/g, '') ?? '',
    subject: email.subject ?? '',
    from: from ?? { Name: '', Address: envelope.from },
    to,
    cc,
    bcc: [...bcc, ...blindCopies(envelope.to, [to, cc, bcc])],
    replyTo: mailAddresses(email.replyTo),
    attachmentCount: email.attachments.length,
    inlineCount: email.attachments.filter(isInline).length,
    snippet: text.length > SNIPPET_CHARACTERS ? `${text.slice(0, SNIPPET_CHARACTERS)}...` : text,
    words: text.toLowerCase(),
  }
}

/** The parts of a mail: headers, text, HTML, attachments. Never rejects. */
export async function parseMime(raw: Buffer): Promise<Email> {
  try {
    return await PostalMime.parse(raw)
  } catch {
    return { headers: [], headerLines: [], attachments: [], text: raw.toString('utf8') }
  }
}

/** True for a part that the HTML shows, such as an embedded picture. */
export function isInline({ disposition, related }: Attachment): boolean {
  return disposition === 'inline' || related === true
}

/** The bytes of a part. */
export function contentOf({ content }: Attachment): Buffer {
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content))
}
