import { eventually } from '@emailauth/testing/eventually'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openService, type TestService } from '../service.ts'
import { openStoreAt } from '../store.ts'

let service: TestService
let use: { sessionId: string; secretDigest: string }
beforeEach(async () => {
  service = await openService()
  const { session } = await service.it.store.sessions.create('ada@example.com', null)
  use = { sessionId: session.id, secretDigest: 'x'.repeat(43) }
})
afterEach(() => service?.close())

/** The answers to a valid key, and to a wrong secret of a session. */
const callers = async (key: string) => [
  (await service.authenticate(key)).status,
  (await service.call('POST', '/v1/sessions/authenticate', use)).status,
]
const ready = async () => (await service.call('GET', '/readyz')).status

test('a Redis that has lost the data is not ready, and calls no key or session wrong from the first call on', async () => {
  const { redis } = service.it
  const { key } = await service.newKey('demo')
  expect([await ready(), ...(await callers(key))]).toEqual([200, 200, 404])
  const meta = await redis.dumpBuffer('ea:meta')
  await redis.flushall()
  expect(await callers(key)).toEqual([503, 503])
  await eventually(async () => expect(await ready()).toBe(503))

  await redis.restore('ea:meta', 0, meta!, 'REPLACE')
  expect(await callers(key)).toEqual([404, 404])
  await eventually(async () => expect(await ready()).toBe(200))
})

test.each(['the same', 'other'])(
  'so is one with the data of another store, of %s secret keys',
  async (keys) => {
    const { redis, url, secret } = service.it
    const { key } = await service.newKey('demo')
    expect(await callers(key)).toEqual([200, 404])
    await redis.flushall()
    const another = await openStoreAt(url, keys === 'other' ? {} : { secret })
    await another.close()
    expect(await callers(key)).toEqual([503, 503])
    await eventually(async () => expect(await ready()).toBe(503))
  },
)

test('a store stays the same one when its metadata are sealed with a newer key, and when it had no id yet', async () => {
  const { redis, url, secret } = service.it
  const { key } = await service.newKey('demo')
  await redis.hset('ea:meta', 'partitionKey', 'sealed with a key that this process does not have')
  expect([await ready(), ...(await callers(key))]).toEqual([200, 200, 404])
  await redis.del('ea:meta')
  await redis.hset('ea:meta', 'format', 2, 'partitions', 1)
  const opened = await openStoreAt(url, { secret })
  const id = await redis.hget('ea:meta', 'storeId')
  expect(id).toMatch(/^[\w-]{22}$/)
  const again = await openStoreAt(url, { secret })
  await Promise.all([opened.store.requireSameStore(), again.store.requireSameStore()])
  expect(await redis.hget('ea:meta', 'storeId')).toBe(id)
  await Promise.all([opened.close(), again.close()])
})
