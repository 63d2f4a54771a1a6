import type { DeliveryState, Identity } from '@emailauth/client'
import { expect, test } from 'vitest'
import { changesBetween } from './changes.ts'

function identity(id: string, state: DeliveryState = 'SENT'): Identity {
  const delivery = { state, attempts: 1, reason: null, relay: null, updatedAt: null, nextAttemptAt: null }
  return {
    id,
    tenant: { id: 'demo', name: 'Demo' },
    email: `${id}@x`,
    createdAt: '',
    expiresAt: '',
    delivery,
  }
}

test('what is new, what is gone, and whose mail fares otherwise; oldest first', () => {
  const before = [identity('c'), identity('b', 'QUEUED'), identity('a')]
  const after = [identity('e'), identity('d'), identity('b'), identity('a')]
  expect(changesBetween(before, after).map(({ change, identity: { id } }) => `${change} ${id}`)).toEqual([
    'gone c',
    'mail b',
    'added d',
    'added e',
  ])
})

test('two equal looks are no change', () => {
  expect(changesBetween([identity('a')], [identity('a')])).toEqual([])
  expect(changesBetween([], [])).toEqual([])
})
