import { randomUUID } from 'node:crypto'
import { connectRedis } from '@emailauth/redis/connection/connect'
import { parseApiKey } from '@emailauth/secrets/api-key'
import { hashSecret } from '@emailauth/secrets/digest'
import { buildPersistence } from '../src/app.ts'
import { createBuiltInTenants } from '../src/tenants/built-in.ts'
import { openTestStore, type TestStore } from './store.ts'

export const SERVICE_TOKEN = 's'.repeat(32)
/** Headers of every call: the service token, and an admin as the actor. */
export const HEADERS = {
  authorization: `Bearer ${SERVICE_TOKEN}`,
  'x-emailauth-actor': 'admin ada%40example.com',
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/**
 * The whole service over its own store, for tests of its REST API. It is the Redis user of the documentation,
 * so that each route meets its ACL. `it.redis` is a connection of the tests, which may do everything.
 */
export type TestService = Awaited<ReturnType<typeof openService>>

export async function openService() {
  const store = await openTestStore('ACL')
  const redis = await connectRedis(asDefaultUser(store.url), { onError: () => {}, commandTimeoutMs: 5000 })
  const it: TestStore = { ...store, redis }
  await createBuiltInTenants(it.store.tenants)
  const app = await buildPersistence({ store: it.store, serviceToken: SERVICE_TOKEN })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })

  const call = async (method: Method, path: string, payload?: object, more: Record<string, string> = {}) => {
    const reply = await app.inject({
      method,
      url: path,
      headers: { ...HEADERS, ...more },
      ...(payload === undefined ? {} : { payload }),
    })
    return { status: reply.statusCode, body: reply.body === '' ? undefined : reply.json() }
  }

  return {
    it,
    url,
    call,
    register: (tenantId: string, email = `${randomUUID()}@example.com`) =>
      call('POST', '/v1/registrations', { tenantId, requestId: randomUUID(), email, token: 't' }),
    authenticate(key: string) {
      const { keyId = '', secret = '' } = parseApiKey(key) ?? {}
      return call('POST', '/v1/api-keys/authenticate', { keyId, secretDigest: hashSecret(secret) })
    },
    newKey: async (tenantId: string, more: object = {}) =>
      (await call('POST', '/v1/api-keys', { scope: 'tenant', tenantId, name: 'k', ...more })).body,
    async close() {
      await app.close()
      redis.disconnect()
      await it.close()
    },
  }
}

function asDefaultUser(url: string): string {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  return bare.href
}
