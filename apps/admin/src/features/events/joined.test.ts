import { expect, test } from 'vitest'
import type { Event } from './api/follow-events.ts'
import { joined, knownEmails } from './joined.ts'

const event = (cursor: string, changes: Partial<Event> = {}): Event =>
  ({ cursor, identityId: null, email: null, ...changes }) as Event
const cursors = (events: readonly Event[]) => events.map(({ cursor }) => cursor)

test('live events stand before the page, and none twice', () => {
  expect(cursors(joined([event('4'), event('3')], [event('3'), event('2')]))).toEqual(['4', '3', '2'])
  // The page was asked for again while the stream was away.
  expect(cursors(joined([event('3')], [event('5'), event('4'), event('3')]))).toEqual(['5', '4', '3'])
})

test('an address is known from one event for all of its identity', () => {
  const events = [event('2', { identityId: 'a' }), event('1', { identityId: 'a', email: 'ada@example.com' })]
  expect([...knownEmails(events)]).toEqual([['a', 'ada@example.com']])
})
