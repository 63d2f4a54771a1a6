import { expect, test } from 'vitest'
import type { Event } from './api/follow-events.ts'
import { knownEmails, withNewer, withOlder } from './event-rows.ts'

const event = (cursor: string, more: Partial<Event> = {}) =>
  ({ cursor, identityId: null, email: null, ...more }) as Event
const cursors = (events: readonly Event[]) => events.map(({ cursor }) => cursor)

test('what came since stands in front, newest first, nothing twice', () => {
  const list = [event('3'), event('2')]
  expect(cursors(withNewer(list, [event('3'), event('4'), event('5')]))).toEqual(['5', '4', '3', '2'])
  expect(withNewer(list, [])).toBe(list)
  expect(withNewer(list, [event('2')])).toBe(list)
})

test('an older page comes at the end, nothing twice', () => {
  expect(cursors(withOlder([event('3'), event('2')], [event('2'), event('1')]))).toEqual(['3', '2', '1'])
})

test('a list that is followed for long does not grow for ever', () => {
  const many = Array.from({ length: 2500 }, (_, at) => event(String(at)))
  expect(withNewer([event('x')], many)).toHaveLength(2000)
})

test('addresses are known from the events that bear them', () => {
  const events = [event('1', { identityId: 'a', email: 'a@b' }), event('2', { identityId: 'c' })]
  expect([...knownEmails(events)]).toEqual([['a', 'a@b']])
})
