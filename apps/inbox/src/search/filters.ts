import { searchText } from '../mail/addresses.ts'
import type { Message } from '../store.ts'
import { parseDate } from './dates.ts'
import { QueryError } from './query-error.ts'

export type Test = (message: Message) => boolean

/** Every `field:` of a search, and the test that its value stands for. Mailpit's, but for its tags. */
const FILTERS: Readonly<Record<string, (value: string, timeZone: string) => Test>> = {
  to: contains(({ mail }) => searchText(mail.to)),
  cc: contains(({ mail }) => searchText(mail.cc)),
  bcc: contains(({ mail }) => searchText(mail.bcc)),
  from: contains(({ mail }) => searchText([mail.from])),
  'reply-to': contains(({ mail }) => searchText(mail.replyTo)),
  addressed: contains(everybody),
  subject: contains(({ mail }) => mail.subject),
  'message-id': contains(({ mail }) => mail.messageId),
  is: choice('is', { read: ({ read }) => read, unread: ({ read }) => !read }),
  has: choice('has', {
    attachment: ({ mail }) => mail.attachmentCount > 0,
    attachments: ({ mail }) => mail.attachmentCount > 0,
    inline: ({ mail }) => mail.inlineCount > 0,
    inlines: ({ mail }) => mail.inlineCount > 0,
  }),
  before: (value, timeZone) => {
    const limit = parseDate(value, timeZone)
    return ({ receivedAt }) => receivedAt.getTime() <= limit
  },
  after: (value, timeZone) => {
    const limit = parseDate(value, timeZone)
    return ({ receivedAt }) => receivedAt.getTime() >= limit
  },
  larger: (value) => {
    const limit = parseSize(value)
    return ({ mail }) => mail.raw.length > limit
  },
  smaller: (value) => {
    const limit = parseSize(value)
    return ({ mail }) => mail.raw.length < limit
  },
}

/** The test of a filter, or undefined when there is none of this name. */
export function filterOf(field: string): ((value: string, timeZone: string) => Test) | undefined {
  return Object.hasOwn(FILTERS, field) ? FILTERS[field] : undefined
}

/** What an unknown filter is answered with. */
export function unknownFilter(field: string): QueryError {
  const known = Object.keys(FILTERS).map((name) => `${name}:`)
  return new QueryError(
    `unknown filter "${field}:"; there are ${known.join(' ')}. Put the term in quotes to search for the text`,
  )
}

/** Plain words: anywhere in the addresses, the subject or the text. */
export const words = contains(
  (message) => `${everybody(message)} ${message.mail.subject} ${message.mail.words}`,
)

function contains(look: (message: Message) => string): (value: string) => Test {
  return (value) => {
    const wanted = value.toLowerCase()
    return (message) => look(message).toLowerCase().includes(wanted)
  }
}

function choice(field: string, tests: Readonly<Record<string, Test>>): (value: string) => Test {
  return (value) => {
    const test = Object.hasOwn(tests, value.toLowerCase()) ? tests[value.toLowerCase()] : undefined
    if (test !== undefined) return test
    const known = Object.keys(tests).map((name) => `${field}:${name}`)
    throw new QueryError(`unknown filter "${field}:${value}"; there are ${known.join(' ')}`)
  }
}

/** `500`, `20k`, `1.5MB`, in bytes. */
function parseSize(value: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([km]?)b?$/i.exec(value) ?? []
  if (number === undefined) throw new QueryError(`"${value}" is no size: write 500, 20k or 1.5M`)
  return Number(number) * { '': 1, k: 1024, m: 1024 * 1024 }[unit.toLowerCase() as '' | 'k' | 'm']
}

function everybody({ mail }: Message): string {
  return searchText([mail.from, ...mail.to, ...mail.cc, ...mail.bcc, ...mail.replyTo])
}
