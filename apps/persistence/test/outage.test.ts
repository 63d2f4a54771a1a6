import { randomBytes, randomUUID } from 'node:crypto'
import { connectRedis } from '@emailauth/redis/connect'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { expect, test } from 'vitest'
import { buildApp } from '../src/app.ts'
import { openStore } from '../src/store.ts'
import { createBuiltInTenants } from '../src/tenants/built-in.ts'

const serviceToken = 's'.repeat(32)
const headers = { authorization: `Bearer ${serviceToken}` }

test('without Redis calls fail soon and clearly, and with it again they work', async () => {
  const server = await startRedis('--appendonly', 'yes', '--appendfsync', 'always')
  const redis = await connectRedis(server.url, { onError: () => {} })
  const store = await openStore({ redis, ring: createKeyRing([randomBytes(32)]) })
  await createBuiltInTenants(store.tenants)
  const app = await buildApp({ store, serviceToken })
  const register = (email: string) =>
    app.inject({
      method: 'POST',
      url: '/v1/registrations',
      headers,
      payload: { tenantId: 'demo', requestId: randomUUID(), email, token: 't' },
    })
  try {
    const { number } = (await register('ada@example.com')).json()
    await server.kill()
    const startedAt = Date.now()
    const failed = await register('bob@example.com')
    expect([failed.statusCode, failed.json().code]).toEqual([503, 'unavailable'])
    expect(failed.headers['retry-after']).toBe('1')
    expect(Date.now() - startedAt).toBeLessThan(500)
    const batch = await app.inject({
      method: 'POST',
      url: '/v1/verifications/batch',
      headers,
      payload: { requests: [{ tenantId: 'demo', requestId: 'r', number }] },
    })
    expect(batch.json()).toMatchObject({ results: [{ problem: { code: 'unavailable' } }] })
    expect((await app.inject('/readyz')).statusCode).toBe(503)

    await server.restart()
    await eventually(async () => expect((await app.inject('/readyz')).statusCode).toBe(200))
    const verified = await app.inject({
      method: 'POST',
      url: '/v1/verifications',
      headers,
      payload: { tenantId: 'demo', requestId: randomUUID(), number },
    })
    expect(verified.json()).toMatchObject({ email: 'ada@example.com', token: 't' })
  } finally {
    await app.close()
    redis.disconnect()
    await server.stop()
  }
})
