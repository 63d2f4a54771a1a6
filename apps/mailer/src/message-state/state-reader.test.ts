import { randomBytes } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { expect, test, vi } from 'vitest'
import { createStateReader } from './state-reader.ts'

test('a state whose key is missing is logged once, however often it is read', () => {
  const warn = vi.fn()
  const ring = createKeyRing([randomBytes(32)])
  const reader = createStateReader({ ring, now: Date.now, logger: { warn, info: vi.fn() } as never })
  const name = { identityId: 'shop.1', messageId: 'shop.1' }
  const fields = new Map([['d:', randomBytes(100)]])
  for (let i = 0; i < 10; i++) expect(reader.record(name, fields)).toBeUndefined()
  expect(warn.mock.calls.map(([, text]) => text)).toEqual([
    'the state of a message cannot be read: its key has left the ring',
  ])
})
