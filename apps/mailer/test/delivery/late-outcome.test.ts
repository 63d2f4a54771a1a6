import { connectRedis, type RedisConnection } from '@emailauth/redis/connection/connect'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDeliver, type Deliver } from '../../src/delivery/deliver.ts'
import { createPendingOutcomes } from '../../src/delivery/pending-outcomes.ts'
import { createRetry } from '../../src/delivery/retry.ts'
import { createRetryQueue, type RetryQueue } from '../../src/delivery/retry-queue.ts'
import type { SentMessage } from '../../src/delivery/send-message.ts'
import { LEASE_MS } from '../../src/message-state/leases.ts'
import { createMessageIndex } from '../../src/message-state/message-index.ts'
import { createMessageKeys } from '../../src/message-state/message-keys.ts'
import { createMessageStore } from '../../src/message-state/message-store.ts'
import { aMessage, keyRing } from '../running-mailer.ts'

// On a Cluster the queue may be reachable while the state of a mail is not.

let redis: TestRedis
let connection: RedisConnection
let queue: RetryQueue
beforeEach(async () => {
  redis = await startRedis()
  connection = await connectRedis(redis.url, { onError: () => {} })
  queue = createRetryQueue(redis.url, undefined, Date.now)
})
afterEach(async () => {
  await queue.stop()
  await queue.close()
  connection.disconnect()
  await redis.stop()
})

test('a deferral that was recorded after its job had come is sent once a caller was told that it is queued', async () => {
  const keys = createMessageKeys(connection)
  let canRecord = false
  const rested: string[] = []
  const store = {
    ...createMessageStore({ redis: connection, keys, ring: keyRing, now: Date.now }),
    rest: async () => void rested.push(canRecord ? 'recorded' : 'too soon'),
  }
  // The second mailer's clock is ahead, so that this test need not wait for the lease to end.
  const aheadMs = () => Date.now() + LEASE_MS
  const storeOfOther = createMessageStore({ redis: connection, keys, ring: keyRing, now: aheadMs })
  const outcomes = createPendingOutcomes(
    {
      complete: async (...args) => {
        if (!canRecord) throw new Error('Connection is closed.')
        return store.complete(...args)
      },
    },
    undefined,
    Date.now,
  )
  const deliver = delivering(store, outcomes, 'deferred')
  const other = delivering(storeOfOther, createPendingOutcomes(storeOfOther, undefined, aheadMs), 'sent')
  const request = aMessage()

  await expect(deliver.now(request)).rejects.toThrow('not in Redis')
  expect(await queue.depth()).toBe(1)
  const index = createMessageIndex(connection, keys, aheadMs)
  queue.start(
    createRetry({
      store: storeOfOther,
      index,
      deliver: other,
      places: { fullUntilMs: () => undefined },
      outcomes: { add: async () => {} },
      byKey: { offer: () => expect.unreachable() },
      now: aheadMs,
    }),
  )
  await eventually(async () => expect(await queue.depth()).toBe(0))
  canRecord = true
  // A verified number is dropped only while something seems to be under way.
  await eventually(() => expect(rested[0]).toBe('recorded'))
  // The other one may send it before this one has read the state for its answer.
  const told = { state: expect.stringMatching(/^(deferred|sent)$/) }
  await eventually(async () => expect(await deliver.now(request)).toMatchObject(told))
  await eventually(async () => expect(await store.find(request)).toMatchObject({ state: 'sent' }))
})

function delivering(
  store: Parameters<typeof createDeliver>[0]['store'],
  outcomes: Parameters<typeof createDeliver>[0]['outcomes'],
  outcome: 'deferred' | 'sent',
): Deliver {
  return createDeliver({
    store,
    outcomes,
    queue,
    handOver: async () => ({ outcome, reply: '', providerId: null }) as SentMessage,
    suppressions: { reason: async () => undefined },
    metrics: { attempted: () => {} } as never,
    logger: undefined,
    now: Date.now,
  })
}
