import { expect, test } from 'vitest'
import type { EventType } from '../../generated/graphql.ts'
import type { Event } from '../events/api/follow-events.ts'
import { after, type Identity, type IdentityList, toRow, withStates } from './identity-list.ts'

let cursors = 1
const event = (type: EventType, id: string, email: string | null = null) =>
  ({
    cursor: String(cursors++).padStart(8, '0'),
    type,
    at: '',
    tenantId: 'demo',
    identityId: id,
    email,
    actor: null,
    target: null,
    changes: null,
  }) as Event
const identity = (id: string): Identity =>
  ({ id, email: `${id}@example.com`, message: { state: 'QUEUED' } }) as unknown as Identity
const list: IdentityList = {
  rows: ['a', 'b', 'c'].map((id) => toRow(identity(id))),
  newIds: new Set(),
  total: 10,
  countedTo: '0',
}
const ids = ({ rows }: IdentityList) => rows.map((row) => row.identity.id)

test('new identities are counted and move no row', () => {
  const next = after(list, [event('REGISTERED', 'd'), event('REGISTERED', 'e')], {})
  expect([ids(next), next.newIds.size, next.total]).toEqual([['a', 'b', 'c'], 2, 12])
})

test('one that is in the list already is not new', () => {
  expect(after(list, [event('REGISTERED', 'a')], {})).toBe(list)
})

test('an ended identity keeps its position and shows its end once', () => {
  const next = after(list, [event('VERIFIED', 'b'), event('EXPIRED', 'b')], {})
  expect(ids(next)).toEqual(['a', 'b', 'c'])
  expect(next.rows.map(({ end }) => end)).toEqual([undefined, 'VERIFIED', undefined])
  expect(next.total).toBe(9)
  expect(after(next, [event('SENT', 'b')], {})).toBe(next)
})

test('the state of its mail follows, and untouched rows stay the same objects', () => {
  const next = after(list, [event('SENT', 'c'), event('BOUNCED', 'c')], {})
  expect(next.rows[2]?.state).toBe('BOUNCED')
  expect(next.rows[0]).toBe(list.rows[0])
})

test('under a search only that address is new, but all count for the total', () => {
  const events = [event('REGISTERED', 'd', 'ada@example.com'), event('REGISTERED', 'e', 'eve@example.com')]
  const next = after(list, events, { email: 'ADA@example.com' })
  expect([next.newIds.size, next.total]).toEqual([1, 12])
  expect(after(list, events, { domain: 'Example.com' }).newIds.size).toBe(2)
  expect(after(list, events, { domain: 'ample.com' }).newIds.size).toBe(0)
})

test('what the total has in it already changes only the rows', () => {
  const counted = { ...list, countedTo: '99999999' }
  const next = after(counted, [event('VERIFIED', 'a'), event('REGISTERED', 'x'), event('VERIFIED', 'x')], {})
  expect([next.total, next.newIds.size, next.rows[0]?.end]).toEqual([10, 0, 'VERIFIED'])
})

test('another answer fills in delivery states and moves no row', () => {
  const sent = { ...identity('b'), message: { state: 'SENT' } } as unknown as Identity
  const next = withStates(list, [identity('new'), sent])
  expect(ids(next)).toEqual(['a', 'b', 'c'])
  expect(next.rows.map(({ state }) => state)).toEqual(['QUEUED', 'SENT', 'QUEUED'])
  expect(next.rows[0]).toBe(list.rows[0])
})

test('the total never falls below nothing', () => {
  const events = ['x', 'y'].map((id) => event('VERIFIED', id))
  expect(after({ ...list, total: 1 }, events, {}).total).toBe(0)
})
