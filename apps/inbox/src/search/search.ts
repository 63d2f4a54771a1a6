import type { Message } from '../store.ts'
import { timeZoneOf } from './dates.ts'
import { filterOf, type Test, unknownFilter, words } from './filters.ts'
import { type Term, termsOf } from './terms.ts'

/**
 * Messages that match a query in Mailpit's syntax: words and `field:value`, quotes around spaces, `-` or `!`
 * to exclude. All terms must match. Case is ignored, and part of a word is enough.
 * @param timeZone IANA name for the dates of `before:` and `after:`; empty for this machine's
 * @throws QueryError for an unknown filter or a value that makes no sense
 */
export function searchMessages(messages: readonly Message[], query: string, timeZone = ''): Message[] {
  const zone = timeZoneOf(timeZone)
  const tests = termsOf(query).map((term) => testOf(term, zone))
  return messages.filter((message) => tests.every((test) => test(message)))
}

function testOf({ field, value, excluded, fieldIsCertain }: Term, zone: string): Test {
  const filter = field === undefined ? undefined : filterOf(field)
  if (field !== undefined && filter === undefined && fieldIsCertain) throw unknownFilter(field)
  const test = filter?.(value, zone) ?? words(field === undefined ? value : `${field}:${value}`)
  return excluded ? (message) => !test(message) : test
}
