import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { connectRedis } from '@emailauth/redis/connection/connect'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { expectWithin } from '@emailauth/testing/timing'
import { expect, test } from 'vitest'
import { buildPersistence } from '../../src/app.ts'
import { openStore } from '../../src/open-store.ts'
import { createBuiltInTenants } from '../../src/tenants/built-in.ts'

const serviceToken = 's'.repeat(32)
const headers = { authorization: `Bearer ${serviceToken}` }

test('without Redis calls fail soon and clearly, and with it again they work', async () => {
  const server = await startRedis('--appendonly', 'yes', '--appendfsync', 'always')
  const redis = await connectRedis(server.url, { onError: () => {}, scriptsAtOnce: true })
  const store = await openStore({ redis, ring: createKeyRing([randomBytes(32)]) })
  await createBuiltInTenants(store.tenants)
  const app = await buildPersistence({ store, serviceToken })
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
    expectWithin(Date.now() - startedAt, 500)
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

test('a call that is sent in the middle of a stall is not done after the connection was given up', async () => {
  const server = await startRedis()
  const redis = await connectRedis(server.url, { onError: () => {}, scriptsAtOnce: true })
  const store = await openStore({ redis, ring: createKeyRing([randomBytes(32)]) })
  await createBuiltInTenants(store.tenants)
  const tenant = await store.tenants.get('demo')
  if (tenant === undefined) throw new Error('no tenant')
  const register = (name: string) =>
    store.register(tenant, {
      tenantId: 'demo',
      requestId: randomUUID(),
      email: `${name}@example.com`,
      token: 't',
    })
  const live = async () =>
    (await store.identities.list({ tenantIds: ['demo'], first: 9 })).items.map(
      ({ identity }) => identity.email,
    )
  try {
    await register('before')
    process.kill(server.pid, 'SIGSTOP')
    const began = performance.now()
    const failed = async (call: Promise<unknown>) => {
      await expect(call).rejects.toThrow()
      return performance.now() - began
    }
    const first = failed(register('first'))
    // Within the time-out of the first call. On a slow machine the second one just fails by itself.
    await wait(250)
    const second = failed(register('second'))
    // Both fail at the same moment, although the second one has used only a third of its time-out.
    expectWithin(await first, 450)
    expectWithin(await second, 450)
    process.kill(server.pid, 'SIGCONT')
    // Redis has read what came before: a later call is done, so none of the two will be any more.
    await eventually(() => register('after'))
    expect((await live()).sort()).toEqual(['after@example.com', 'before@example.com'])
  } finally {
    process.kill(server.pid, 'SIGCONT')
    redis.disconnect()
    await server.stop()
  }
})
