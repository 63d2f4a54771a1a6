import { randomBytes } from 'node:crypto'
import { hashSecret } from '@emailauth/secrets/digest'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { type SealContext, seal, unseal } from '@emailauth/secrets/seal'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keys } from '../../src/store/keys.ts'
import { openService, type TestService } from '../service.ts'

let listener: TestService
beforeAll(async () => {
  listener = await openService()
})
afterAll(() => listener?.close())

const stored = async (name: string) => JSON.parse((await listener.it.redis.get(name)) ?? '')
const becomes = (name: string, record: object) => listener.it.redis.set(name, JSON.stringify(record))

test('a tenant carries its format; one of a newer format is neither read nor changed', async () => {
  await listener.call('POST', '/v1/tenants', { id: 'carried', name: 'Carried' })
  const name = keys.tenant('carried')
  const record = await stored(name)
  expect(record).toMatchObject({ format: 1, id: 'carried' })
  const newer = { ...record, format: 2 }
  await becomes(name, newer)
  expect((await listener.call('PATCH', '/v1/tenants/carried', { name: 'Changed' })).status).toBe(500)
  expect(await stored(name)).toEqual(newer)
  const { format: _, ...older } = record
  await becomes(name, older)
  expect((await listener.call('PATCH', '/v1/tenants/carried', { name: 'Changed' })).status).toBe(200)
  expect(await stored(name)).toMatchObject({ format: 1, name: 'Changed' })
})

test('an API key carries its format; one of a newer format lets nobody in and is not changed', async () => {
  const { apiKey, key } = await listener.newKey('demo')
  const name = keys.apiKey(apiKey.id)
  const record = await stored(name)
  expect(record).toMatchObject({ format: 1, id: apiKey.id })
  const newer = { ...record, format: 2 }
  await becomes(name, newer)
  expect((await listener.authenticate(key)).status).toBe(500)
  expect((await listener.call('DELETE', `/v1/api-keys/${apiKey.id}`)).status).toBe(500)
  expect(await stored(name)).toEqual(newer)
  const { format: _, ...older } = record
  await becomes(name, older)
  expect((await listener.authenticate(key)).status).toBe(200)
  expect((await listener.call('DELETE', `/v1/api-keys/${apiKey.id}`)).status).toBeLessThan(300)
  expect(await stored(name)).toMatchObject({ format: 1 })
})

test('a webhook endpoint carries its format; one of a newer format is neither read nor changed', async () => {
  const { redis } = listener.it
  const webhook = { tenantId: 'demo', url: 'https://a.example/' }
  const { id } = (await listener.call('POST', '/v1/webhooks', webhook)).body.endpoint
  const [name] = keys.webhookKeys('demo')
  const record = JSON.parse((await redis.hget(name, id)) ?? '')
  expect(record).toMatchObject({ format: 1, shown: { id } })
  const newer = JSON.stringify({ ...record, format: 2 })
  await redis.hset(name, id, newer)
  expect((await listener.call('PATCH', `/v1/webhooks/${id}`, { enabled: false })).status).toBe(500)
  expect(await redis.hget(name, id)).toBe(newer)
  const { format: _, ...older } = record
  await redis.hset(name, id, JSON.stringify(older))
  expect((await listener.call('PATCH', `/v1/webhooks/${id}`, { enabled: false })).status).toBe(200)
  expect(JSON.parse((await redis.hget(name, id)) ?? '')).toMatchObject({ format: 1 })
})

/** Opens a sealed record, and seals it in another format. */
function sealedAs(context: SealContext, stored: Buffer) {
  const ring = createKeyRing([listener.it.secret])
  const record = JSON.parse(unseal(ring, context, stored))
  const as = (format: number) => seal(ring, context, JSON.stringify({ ...record, format }))
  return { record, as }
}

test('a session carries its format; one of a newer format lets nobody in', async () => {
  const { redis } = listener.it
  const { session, secret } = (await listener.call('POST', '/v1/sessions', { email: 'ada@example.com' })).body
  const authenticate = async () => {
    const call = { sessionId: session.id, secretDigest: hashSecret(secret) }
    return (await listener.call('POST', '/v1/sessions/authenticate', call)).status
  }
  const name = keys.session(session.id)
  const context = { purpose: 'session', additionalData: `session:${session.id}` } as const
  const { record, as } = sealedAs(context, (await redis.getBuffer(name)) ?? Buffer.alloc(0))
  expect(record).toMatchObject({ format: 1, email: 'ada@example.com' })
  await redis.set(name, as(2), 'KEEPTTL')
  expect(await authenticate()).toBe(500)
  await redis.set(name, as(1), 'KEEPTTL')
  expect(await authenticate()).toBe(200)
})

test('a passkey carries its format; one of a newer format is neither read nor changed', async () => {
  const { redis } = listener.it
  const bytes = () => randomBytes(32).toString('base64url')
  const passkey = { email: 'ada@example.com', name: 'Laptop', counter: 0, transports: [], isBackedUp: false }
  const request = { ...passkey, credentialId: bytes(), publicKey: bytes() }
  const { id } = (await listener.call('POST', '/v1/passkeys', request)).body
  const name = keys.passkey(id)
  const context = { purpose: 'passkey', additionalData: `passkey:${id}` } as const
  const { record, as } = sealedAs(context, Buffer.from((await redis.get(name)) ?? '', 'base64'))
  expect(record).toMatchObject({ format: 1, passkey: { id } })
  const newer = as(2).toString('base64')
  await redis.set(name, newer)
  expect((await listener.call('PATCH', `/v1/passkeys/${id}`, { name: 'Changed' })).status).toBe(500)
  expect(await redis.get(name)).toBe(newer)
  await redis.set(name, as(1).toString('base64'))
  expect((await listener.call('PATCH', `/v1/passkeys/${id}`, { name: 'Changed' })).status).toBe(200)
})
