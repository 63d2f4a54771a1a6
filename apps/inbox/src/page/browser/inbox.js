/** How many of the newest mails are listed; a search finds the others. */
export const LISTED = 100

/**
 * @typedef {{ Name: string, Address: string }} MailAddress
 * @typedef {{ ID: string, Read: boolean, From: MailAddress, To: MailAddress[], Cc: MailAddress[], Bcc: MailAddress[],
 *   Subject: string, Created: string, Snippet: string }} Summary
 * @typedef {{ total: number, unread: number, messages_count: number, messages: Summary[] }} Page
 * @typedef {{ FileName: string, ContentType: string, Size: number }} Attachment
 * @typedef {{ ID: string, From: MailAddress, To: MailAddress[], Cc: MailAddress[], Bcc: MailAddress[], ReplyTo: MailAddress[],
 *   Subject: string, Date: string, Text: string, HTML: string, Inline: Attachment[], Attachments: Attachment[] }} Message
 */

/**
 * The newest mails, or those that fit a search.
 * @param {string} search
 * @returns {Promise<Page>}
 */
export async function fetchPage(search) {
  const query = new URLSearchParams({ limit: String(LISTED) })
  if (search !== '') query.set('query', search)
  return (await ask(`/api/v1/${search === '' ? 'messages' : 'search'}?${query}`)).json()
}

/**
 * One mail with its headers; undefined when it is no longer there.
 * @param {string} id
 * @returns {Promise<{ message: Message, headers: Record<string, string[]> } | undefined>}
 */
export async function fetchMessage(id) {
  const url = `/api/v1/message/${encodeURIComponent(id)}`
  const [message, headers] = await Promise.all([ask(url, [404]), ask(`${url}/headers`, [404])])
  if (!message.ok || !headers.ok) return undefined
  return { message: await message.json(), headers: await headers.json() }
}

export async function deleteAll() {
  await ask('/api/v1/messages', [], { method: 'DELETE' })
}

/**
 * @param {string} url
 * @param {number[]} expected statuses beyond 2xx that are answers too
 * @param {RequestInit} init
 */
async function ask(url, expected = [], init = {}) {
  const reply = await fetch(url, { signal: AbortSignal.timeout(5000), ...init })
  if (!reply.ok && !expected.includes(reply.status)) throw new Error(`${url} answered ${reply.status}`)
  return reply
}
