import { randomBytes } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { expect, test } from 'vitest'
import type { MessageRecord } from '../message-state/message-record.ts'
import { writeMessageToken } from '../message-tokens/message-token.ts'
import { createTakeBounce } from './bounces.service.ts'

const ring = createKeyRing([randomBytes(32)])
const sent = { digest: 'd'.repeat(32), tenantId: 'demo', email: 'gone@example.com' }
const bounce = {
  messageId: `${writeMessageToken(ring.keys[0], sent)}@sender.example`,
  email: sent.email,
  reason: '550 5.1.1 unknown',
  permanent: true,
}
const record: MessageRecord = {
  state: 'sent',
  attempts: 1,
  updatedAtMs: 5000,
  reply: '250 OK',
  nextAttemptAtMs: null,
}

/** Takes the bounce while the states of messages are read like this, and returns what was written. */
async function take(find: () => Promise<MessageRecord>) {
  const written: unknown[] = []
  const takeBounce = createTakeBounce({
    ring,
    count: () => {},
    store: { find, bounce: async (_, { state }) => written.push({ state }) > 0 },
    index: {
      byDigest: async () => ({ identityId: 'demo.a', messageId: 'demo.a' }),
      reached: async () => {},
    },
    outcomes: { add: async () => {} },
    suppressions: {
      add: async (_, email, _reason, sentAtMs) => void written.push({ email, sentAtMs }),
    },
    now: () => 6000,
  })
  await takeBounce(bounce).catch((error: Error) => written.push(error.message))
  return written
}

test('the address is suppressed also while the state of the message cannot be read', async () => {
  const written = await take(() => Promise.reject(new Error('no state')))
  expect(written).toEqual([{ email: sent.email, sentAtMs: undefined }, 'no state'])
})

test('the message is marked by its state after its address was suppressed', async () => {
  const states = [record, { ...record, state: 'bounced' } as const]
  expect(await take(async () => states.shift() ?? record)).toEqual([{ email: sent.email, sentAtMs: 5000 }])
  expect(await take(async () => record)).toEqual([
    { email: sent.email, sentAtMs: 5000 },
    { state: 'bounced' },
  ])
})
