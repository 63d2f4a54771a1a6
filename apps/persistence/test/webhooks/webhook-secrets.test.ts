import { randomBytes } from 'node:crypto'
import { WEBHOOK_SECRETS_MAX } from '@emailauth/contracts/webhooks'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { expect, test } from 'vitest'
import { openStore } from '../../src/open-store.ts'
import { webhookService } from './webhook-service.ts'

const { service, newTenant, create, targetOf } = webhookService()

test('after a rotation the older secret goes on signing for its overlap, and no longer', async () => {
  const tenantId = await newTenant()
  const { endpoint, secret } = (await create(tenantId)).body
  const { id } = endpoint
  const rotate = async (overlapSeconds?: number) =>
    (await service().call('POST', `/v1/webhooks/${id}/rotate`, { overlapSeconds })).body
  const second = await rotate()
  const inADay = new Date(service().it.clock.ms + 86_400_000).toISOString()
  expect(second.endpoint.previousSecretUntil).toBe(inADay)
  expect((await targetOf(id)).secrets).toEqual([
    { secret: second.secret, until: null },
    { secret, until: inADay },
  ])
  service().it.clock.ms += 86_400_000
  expect((await service().call('GET', `/v1/webhooks/${id}`)).body.previousSecretUntil).toBeNull()
  const third = await rotate(60)
  expect((await targetOf(id)).secrets.map((one: { secret: string }) => one.secret)).toEqual([
    third.secret,
    second.secret,
  ])
  expect(WEBHOOK_SECRETS_MAX).toBe(3)
  for (let i = 0; i < 4; i++) await rotate(600)
  expect((await targetOf(id)).secrets).toHaveLength(3)
  // A secret that was stolen stops at once.
  const last = await rotate(0)
  expect((await targetOf(id)).secrets).toEqual([{ secret: last.secret, until: null }])
  expect(
    (await service().call('POST', `/v1/webhooks/${id}/rotate`, { overlapSeconds: 2_592_001 })).status,
  ).toBe(400)
})

test('URL and secrets lie sealed, and outlive every key of the ring', async () => {
  const tenantId = await newTenant()
  const { endpoint, secret } = (await create(tenantId, { url: 'https://planted.example/secret-path' })).body
  const { redis, secret: key } = service().it
  const names = await redis.keys(`ea:{${tenantId}:webhooks}:*`)
  expect(names).toHaveLength(3)
  const dump = String(await Promise.all(names.map((name) => redis.dumpBuffer(name))))
  for (const planted of ['planted', 'secret-path', secret.slice(6, 30)]) expect(dump).not.toContain(planted)
  const next = randomBytes(32)
  await openStore({ redis, ring: createKeyRing([next, key]) })
  expect(await service().it.store.webhooks.unreadable(), 'it is sealed with the new key by now').toContain(
    endpoint.id,
  )
  expect((await service().call('GET', '/v1/diagnostics')).body.findings).toContainEqual(
    expect.objectContaining({ code: 'webhooks-unreadable' }),
  )
  expect((await service().call('PATCH', `/v1/webhooks/${endpoint.id}`, { enabled: false })).body.code).toBe(
    'conflict',
  )
  expect((await targetOf(endpoint.id, next)).url).toBe('https://planted.example/secret-path')
  expect((await service().call('DELETE', `/v1/webhooks/${endpoint.id}`)).status).toBe(204)
})
