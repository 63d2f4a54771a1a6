import { createHash } from 'node:crypto'
import type { Attachment, Email } from 'postal-mime'
import { contentOf, isInline, parseMime } from '../mail/mail.ts'
import type { Message } from '../store.ts'

/** A message in a list, as Mailpit writes it. */
export function summaryOf({ id, receivedAt, read, username, mail }: Message) {
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
    Username: username,
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
export async function messageOf({ id, receivedAt, username, mail }: Message) {
  const email = await parseMime(mail.raw)
  const sentAt = new Date(email.date ?? '')
  const parts = email.attachments.map((part, index) => ({ isInline: isInline(part), ...partOf(part, index) }))
  const listed = (inline: boolean) =>
    parts.filter((part) => part.isInline === inline).map(({ isInline: _, ...part }) => part)
  return {
    ID: id,
    MessageID: mail.messageId,
    From: mail.from,
    To: mail.to,
    Cc: mail.cc,
    Bcc: mail.bcc,
    ReplyTo: mail.replyTo,
    ReturnPath: mail.envelope.from,
    ListUnsubscribe: listUnsubscribeOf(email),
    Subject: mail.subject,
    Date: (Number.isNaN(sentAt.getTime()) ? receivedAt : sentAt).toISOString(),
    Tags: [],
    Username: username,
    Text: email.text ?? '',
    HTML: email.html ?? '',
    Size: mail.raw.length,
    Inline: listed(true),
    Attachments: listed(false),
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

export function unreadOf(messages: readonly Message[]): number {
  return messages.filter(({ read }) => !read).length
}

function partOf(part: Attachment, index: number) {
  const content = contentOf(part)
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

/** The way out of a list that a mail names in its header. */
function listUnsubscribeOf({ headers }: Email) {
  const headerOf = (name: string) => headers.find(({ key }) => key === name)?.value ?? ''
  const header = headerOf('list-unsubscribe')
  const links = [...header.matchAll(/<((?:https?|mailto):[^<>\s]+)>/gi)].map(([, link = '']) => link)
  const error = header !== '' && links.length === 0 ? 'no link in angle brackets' : ''
  return { Header: header, Links: links, Errors: error, HeaderPost: headerOf('list-unsubscribe-post') }
}
