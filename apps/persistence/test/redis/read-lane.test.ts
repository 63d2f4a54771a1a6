import { randomBytes } from 'node:crypto'
import { connectRedis } from '@emailauth/redis/connection/connect'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { startRedis } from '@emailauth/testing/redis'
import { expect, test } from 'vitest'
import { buildPersistence } from '../../src/app.ts'
import { openStore, type Store } from '../../src/open-store.ts'
import { HEADERS, SERVICE_TOKEN } from '../service.ts'

const AN_HOUR_AGO = new Date(Date.now() - 3_600_000).toISOString()
const LISTS = [
  '/v1/identities?first=5',
  '/v1/identities?first=5&tenantId=shop&email=ada@example.com',
  '/v1/events?first=5&audit=true',
  '/v1/events?first=5&tenantId=shop&types=burned&audit=false',
  `/v1/statistics?from=${AN_HOUR_AGO}&step=minute`,
  '/v1/tenants',
  '/v1/api-keys?tenantId=shop',
  '/v1/sessions',
  '/v1/diagnostics',
]

test('lists, statistics and diagnostics use the read lane and their own connection; register and verify do not', async () => {
  const server = await startRedis()
  const connect = () => connectRedis(server.url, { onError: () => {}, scriptsAtOnce: true })
  const [redis, reads] = [await connect(), await connect()]
  const store = await openStore({ redis, reads, ring: createKeyRing([randomBytes(32)]) })
  let readsSeen = 0
  const lane: Store['lane'] = {
    ...store.lane,
    run(read) {
      readsSeen += 1
      return read()
    },
  }
  const app = await buildPersistence({ store: { ...store, lane }, serviceToken: SERVICE_TOKEN })
  try {
    const post = (url: string, payload: object) =>
      app.inject({ method: 'POST', url, payload, headers: HEADERS })
    const statusOf = async (url: string) => (await app.inject({ url, headers: HEADERS })).statusCode
    expect((await post('/v1/tenants', { id: 'shop', name: 'Shop' })).statusCode).toBe(201)
    for (const [at, url] of LISTS.entries()) {
      expect(await statusOf(url), url).toBe(200)
      expect(readsSeen, url).toBe(at + 1)
    }
    reads.disconnect()
    for (const url of LISTS) expect(await statusOf(url), url).toBeGreaterThanOrEqual(500)
    const registered = await post('/v1/registrations', {
      tenantId: 'shop',
      requestId: 'r',
      email: 'ada@example.com',
      token: 't',
    })
    expect(registered.statusCode).toBe(201)
    expect(await statusOf(`/v1/identities/${registered.json().identityId}`)).toBe(200)
    expect(readsSeen).toBe(2 * LISTS.length)
  } finally {
    await app.close()
    redis.disconnect()
    await server.stop()
  }
})
