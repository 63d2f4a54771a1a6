import { createHash } from 'node:crypto'
import type { Attachment } from 'postal-mime'
import { parseMime } from './mail.ts'
import type { Message } from './store.ts'

/** A message in a list, as Mailpit writes it. */
export function summaryOf({ id, receivedAt, read, mail }: Message) {
  return {
    ID: id,
    MessageID: mail.messageId,
    Read: read,
    From: mail.from,
    To: mail.to,
    Cc: mail.cc,
    Bcc: mail.bcc,
    ReplyTo: mail.replyTo,
    Subject: mail.subject,
    Created: receivedAt.toISOString(),
    Username: '',
    Tags: [],
    Size: mail.raw.length,
    Attachments: mail.attachmentCount,
    Snippet: mail.snippet,
  }
}

/**
 * A page of messages. `all` is the inbox, `found` the matches; lists `limit` of them from `start` on (0:
 * all).
 */
export function listOf(
  all: readonly Message[],
  found: readonly Message[],
  { start, limit }: { readonly start: number; readonly limit: number },
) {
  const messages = found.slice(start, limit === 0 ? undefined : start + limit).map(summaryOf)
  return {
    total: all.length,
    unread: unreadOf(all),
    count: messages.length,
    messages_count: found.length,
    messages_unread: unreadOf(found),
    start,
    tags: [],
    messages,
  }
}

/** A whole message, as Mailpit writes it. */
export async function messageOf({ id, receivedAt, mail }: Message) {
  const email = await parseMime(mail.raw)
  const sentAt = new Date(email.date ?? '')
  const inline = email.attachments.filter((part) => isInline(part))
  const attached = email.attachments.filter((part) => !isInline(part))
  return {
    ID: id,
    MessageID: mail.messageId,
    From: mail.from,
    To: mail.to,
    Cc: mail.cc,
    Bcc: mail.bcc,
    ReplyTo: mail.replyTo,
    ReturnPath: mail.envelope.from,
    Subject: mail.subject,
    Date: (Number.isNaN(sentAt.getTime()) ? receivedAt : sentAt).toISOString(),
    Tags: [],
    Username: '',
    Text: email.text ?? '',
    HTML: email.html ?? '',
    Size: mail.raw.length,
    Inline: inline.map((part) => attachmentOf(part, email.attachments.indexOf(part))),
    Attachments: attached.map((part) => attachmentOf(part, email.attachments.indexOf(part))),
  }
}

/** The headers by name, in Go's spelling (`Message-Id`) and alphabetical, each with all its values. */
export async function headersOf({ mail }: Message): Promise<Record<string, string[]>> {
  const headers = new Map<string, string[]>()
  for (const { key, value } of (await parseMime(mail.raw)).headers) {
    const name = key.replace(/(^|-)[a-z]/g, (first) => first.toUpperCase())
    const values = headers.get(name)
    if (values === undefined) headers.set(name, [value])
    else values.push(value)
  }
  return Object.fromEntries([...headers].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function unreadOf(messages: readonly Message[]): number {
  return messages.filter(({ read }) => !read).length
}

function isInline({ disposition, related }: Attachment): boolean {
  return disposition === 'inline' || related === true
}

function attachmentOf(part: Attachment, index: number) {
  const content = typeof part.content === 'string' ? Buffer.from(part.content) : new Uint8Array(part.content)
  const digest = (algorithm: string) => createHash(algorithm).update(content).digest('hex')
  const contentId = part.contentId?.replace(/^<|>$/g, '') ?? ''
  return {
    PartID: String(index + 1),
    FileName: part.filename ?? contentId,
    ContentType: part.mimeType,
    ContentID: contentId,
    Size: content.byteLength,
    Checksums: { MD5: digest('md5'), SHA1: digest('sha1'), SHA256: digest('sha256') },
  }
}
