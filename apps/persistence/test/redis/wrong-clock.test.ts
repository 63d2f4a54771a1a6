import { parseApiKey } from '@emailauth/secrets/api-key'
import { hashSecret } from '@emailauth/secrets/digest'
import { afterEach, expect, test, vi } from 'vitest'
import type { Store } from '../../src/open-store.ts'
import { register, registration } from '../calls.ts'
import { startServer } from '../servers.ts'
import { openStoreAt, openTestStore, type TestStore } from '../store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const SYSTEM = { kind: 'system', id: 'system' } as const

afterEach(() => void vi.useRealTimers())

/** Runs it with the store of a process whose clock is wrong. */
async function onWrongClock(offMs: number, { url, secret }: TestStore, use: (store: Store) => Promise<void>) {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offMs })
  const opened = await openStoreAt(url, { clock: 'redis', secret })
  try {
    await use(opened.store)
  } finally {
    await opened.close()
    vi.useRealTimers()
  }
}

test.each([
  ['a day ahead', DAY_MS],
  ['a day behind', -DAY_MS],
])('with a clock that is %s, sessions, keys and statistics go by that of Redis', async (_how, offMs) => {
  const server = await startServer('redis-server')
  const right = await openStoreAt(server.url, { clock: 'redis' })
  try {
    const { sessions, apiKeys, time } = right.store
    const { session, secret } = await sessions.create('ada@example.com', null)
    const expiresAt = new Date(time() + HOUR_MS).toISOString()
    const { key } = await apiKeys.create({ scope: 'admin', name: 'an hour', expiresAt }, SYSTEM)
    const { keyId, secret: keySecret } = parseApiKey(key)!
    await onWrongClock(offMs, right, async (store) => {
      const use = { sessionId: session.id, secretDigest: hashSecret(secret) }
      const used = await store.sessions.authenticate(use)
      expect(used).toMatchObject({ expiresAt: session.expiresAt })
      expect(Date.parse(used!.idleExpiresAt)).toBeLessThan(time() + HOUR_MS)
      expect(await store.apiKeys.authenticate(keyId, hashSecret(keySecret))).toBeDefined()
      // A list forgets what is over when somebody signs in.
      const other = await store.sessions.create('bob@example.com', null)
      expect(Math.abs(Date.parse(other.session.createdAt) - time())).toBeLessThan(HOUR_MS)
      // From an hour ago until now: two hours, or three when one begins between the two readings.
      const from = new Date(time() - HOUR_MS).toISOString()
      const { buckets } = await store.readStatistics({ from, step: 'hour' })
      expect([2, 3]).toContain(buckets.length)
    })
    const { sessions: listed } = await sessions.page({ first: 10 })
    expect(listed.map(({ email }) => email).sort()).toEqual(['ada@example.com', 'bob@example.com'])
    expect(await apiKeys.hasEnded(keyId)).toBe(false)
  } finally {
    await right.close()
    await server.stop()
  }
})

test('after the clock of Redis was set ahead one call is refused, and did nothing', async () => {
  const it = await openTestStore('redis-server', { clock: 'redis' })
  try {
    await register(it.store, it.tenant())
    // As in a process that has asked Redis for its time just before.
    const real = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => real() - HOUR_MS)
    const refused = await it.store.register(it.tenant(), registration(it.tenant())).catch((error) => error)
    expect(refused.problem).toMatchObject({ code: 'unavailable', tookEffect: false })
    await register(it.store, it.tenant())
  } finally {
    vi.restoreAllMocks()
    await it.close()
  }
})
