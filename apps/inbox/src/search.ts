import type { MailAddress } from './addresses.ts'
import type { Mail } from './mail.ts'
import type { Message } from './store.ts'

/** `to:`, `from:` … and the text that each of them looks into. */
const FIELDS: Readonly<Record<string, (mail: Mail) => string>> = {
  to: (mail) => written(mail.to),
  cc: (mail) => written(mail.cc),
  bcc: (mail) => written(mail.bcc),
  from: (mail) => written([mail.from]),
  'reply-to': (mail) => written(mail.replyTo),
  addressed: (mail) => everybody(mail),
  subject: (mail) => mail.subject,
  'message-id': (mail) => mail.messageId,
}

/**
 * Messages that match a query in Mailpit's syntax: words and `field:word`, quotes around spaces, `-` or `!`
 * to exclude. All terms must match. Case is ignored, and part of a word is enough.
 */
export function searchMessages(messages: readonly Message[], query: string): Message[] {
  const tests = termsOf(query)
    .filter((term) => /[\p{L}\p{N}]/u.test(term))
    .map(testOf)
  return messages.filter(({ mail }) => tests.every((test) => test(mail)))
}

/** Splits at spaces that stand outside quotes, and takes the quotes away. */
function termsOf(query: string): string[] {
  const terms = query.match(/(?:"[^"]*(?:"|$)|[^\s"])+/g) ?? []
  return terms.map((term) => term.replaceAll('"', ''))
}

function testOf(term: string): (mail: Mail) => boolean {
  const excluded = /^[-!]./.test(term)
  const wanted = (excluded ? term.slice(1) : term).toLowerCase()
  const colon = wanted.indexOf(':')
  const field = Object.hasOwn(FIELDS, wanted.slice(0, colon)) ? FIELDS[wanted.slice(0, colon)] : undefined
  const look = field ?? everything
  const needle = field === undefined ? wanted : wanted.slice(colon + 1)
  return (mail) => look(mail).toLowerCase().includes(needle) !== excluded
}

function written(addresses: readonly MailAddress[]): string {
  return addresses.map(({ Name, Address }) => `${Name} ${Address}`).join(' ')
}

function everybody(mail: Mail): string {
  return written([mail.from, ...mail.to, ...mail.cc, ...mail.bcc, ...mail.replyTo])
}

function everything(mail: Mail): string {
  return `${everybody(mail)} ${mail.subject} ${mail.words}`
}
