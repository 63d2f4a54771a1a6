import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SAME_STORE_FOR_MS } from '../src/store/same-store.ts'
import { openService, type TestService } from './service.ts'
import { openStoreAt } from './store.ts'

let service: TestService
beforeAll(async () => {
  service = await openService()
})
afterAll(() => service?.close())

test('a Redis that has lost the data, or has those of another store, is not ready, and calls no key or session wrong', async () => {
  expect(SAME_STORE_FOR_MS).toBe(1000)
  const { redis, url, store } = service.it
  const { key } = await service.newKey('demo')
  const { session } = await store.sessions.create('ada@example.com', null)
  const use = { sessionId: session.id, secretDigest: 'x'.repeat(43) }
  const answers = async () => [
    (await service.call('GET', '/readyz')).status,
    (await service.authenticate(key)).status,
    (await service.call('POST', '/v1/sessions/authenticate', use)).status,
  ]
  expect(await answers()).toEqual([200, 200, 404])
  const meta = await redis.dumpBuffer('ea:meta')
  await redis.flushall()
  await eventually(async () => expect(await answers()).toEqual([503, 503, 503]))

  const another = await openStoreAt(url, { secret: service.it.secret })
  await another.close()
  await eventually(async () => expect(await answers()).toEqual([503, 503, 503]))

  await redis.restore('ea:meta', 0, meta!, 'REPLACE')
  await eventually(async () => expect(await answers()).toEqual([200, 404, 404]))
})
