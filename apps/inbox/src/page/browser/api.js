/** How many of the newest mails are listed; a search finds the others. */
export const LISTED = 100

/**
 * @typedef {{ Name: string, Address: string, Readable?: string }} MailAddress
 * @typedef {{ ID: string, Read: boolean, From: MailAddress, To: MailAddress[], Cc: MailAddress[], Bcc: MailAddress[],
 *   Subject: string, Created: string, Snippet: string, Attachments: number }} Summary
 * @typedef {{ total: number, unread: number, messages_count: number, messages_unread: number, messages: Summary[] }} Page
 * @typedef {{ PartID: string, FileName: string, ContentType: string, Size: number }} Attachment
 * @typedef {{ ID: string, From: MailAddress, To: MailAddress[], Cc: MailAddress[], Bcc: MailAddress[], ReplyTo: MailAddress[],
 *   Subject: string, Date: string, Username: string, Text: string, HTML: string, Size: number,
 *   Inline: Attachment[], Attachments: Attachment[] }} Message
 */

const TIMEOUT_MS = 5000

/** An answer that names what is wrong with the request, such as an unknown filter. */
export class RefusedError extends Error {}

/**
 * The newest mails, or those that fit a search.
 * @param {string} search
 * @returns {Promise<Page>}
 */
export async function fetchPage(search) {
  const query = new URLSearchParams({ limit: String(LISTED) })
  if (search !== '') addSearch(query, search)
  return (await ask(`/api/v1/${search === '' ? 'messages' : 'search'}?${query}`)).json()
}

/** @param {string} id */
export const messageUrl = (id) => `/api/v1/message/${encodeURIComponent(id)}`

/**
 * One mail with its headers; undefined when it is no longer there. It counts as read from then on.
 * @param {string} id
 * @returns {Promise<{ message: Message, headers: Record<string, string[]> } | undefined>}
 */
export async function fetchMessage(id) {
  const url = messageUrl(id)
  const [message, headers] = await Promise.all([ask(url, [404]), ask(`${url}/headers`, [404])])
  if (!message.ok || !headers.ok) return undefined
  return { message: await message.json(), headers: await headers.json() }
}

/**
 * The mail as it came over SMTP.
 * @param {string} id
 */
export async function fetchSource(id) {
  return (await ask(`${messageUrl(id)}/raw`)).text()
}

/** @param {string} search all that fit; empty for all mails */
export async function deleteFound(search) {
  const query = new URLSearchParams()
  if (search !== '') addSearch(query, search)
  await ask(search === '' ? '/api/v1/messages' : `/api/v1/search?${query}`, [], { method: 'DELETE' })
}

/** @param {string} id */
export async function deleteMessage(id) {
  await ask('/api/v1/messages', [], { method: 'DELETE', body: JSON.stringify({ IDs: [id] }) })
}

/** @param {string} search all that fit; empty for all mails */
export async function markFoundRead(search) {
  await ask('/api/v1/messages', [], { method: 'PUT', body: JSON.stringify({ Search: search, Read: true }) })
}

/** @param {string} id */
export async function markUnread(id) {
  await ask('/api/v1/messages', [], { method: 'PUT', body: JSON.stringify({ IDs: [id], Read: false }) })
}

/**
 * Days in a search are those of the person's own clock.
 * @param {URLSearchParams} query
 * @param {string} search
 */
function addSearch(query, search) {
  query.set('query', search)
  query.set('tz', Intl.DateTimeFormat().resolvedOptions().timeZone)
}

/**
 * @param {string} url
 * @param {number[]} expected statuses beyond 2xx that are answers too
 * @param {RequestInit} init
 */
async function ask(url, expected = [], init = {}) {
  const reply = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), ...init })
  if (reply.ok || expected.includes(reply.status)) return reply
  if (reply.status === 400) throw new RefusedError((await reply.json()).Error)
  throw new Error(`${url} answered ${reply.status}`)
}
