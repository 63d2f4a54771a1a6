import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDoor, type TestDoor } from './door.ts'

let door: TestDoor
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door?.close())

test('a key expires by itself, and its use is known to the minute', async () => {
  const expiresAt = new Date(door.it.clock.ms + 60_000).toISOString()
  const { apiKey, key } = await door.newKey('demo', { expiresAt })
  expect(apiKey).toMatchObject({ expiresAt, lastUsedAt: null })
  expect((await door.authenticate(key)).status).toBe(200)
  const usedAt = new Date(door.it.clock.ms).toISOString()
  door.it.clock.ms += 59_000
  expect((await door.authenticate(key)).status).toBe(200)
  door.it.clock.ms += 1000
  expect((await door.authenticate(key)).status).toBe(404)
  const { apiKeys } = (await door.call('GET', '/v1/api-keys?tenantId=demo')).body
  const listed = apiKeys.find(({ id }: { id: string }) => id === apiKey.id)
  expect(listed).toEqual({ ...apiKey, lastUsedAt: usedAt })
})

test('a rotated key goes on for its overlap, and a revoked one never comes back', async () => {
  const { apiKey, key } = await door.newKey('demo')
  const rotate = (overlapSeconds: number) =>
    door.call('POST', `/v1/api-keys/${apiKey.id}/rotate`, { overlapSeconds })
  const { body: next } = await rotate(100)
  expect(next.apiKey).toMatchObject({ scope: 'tenant', tenantId: 'demo', name: 'k', expiresAt: null })
  door.it.clock.ms += 99_000
  for (const one of [key, next.key]) expect((await door.authenticate(one)).status).toBe(200)
  await rotate(1000)
  door.it.clock.ms += 1000
  expect((await door.authenticate(key)).status).toBe(404)
  expect((await rotate(0)).status).toBe(404)
  expect((await door.authenticate(next.key)).status).toBe(200)
  const id = next.apiKey.id
  await Promise.all([
    door.call('DELETE', `/v1/api-keys/${id}`),
    ...Array.from({ length: 5 }, () =>
      door.call('POST', `/v1/api-keys/${id}/rotate`, { overlapSeconds: 1000 }),
    ),
  ])
  expect((await door.authenticate(next.key)).status).toBe(404)
  expect((await door.call('POST', '/v1/api-keys/000000000000/rotate', {})).status).toBe(404)
})
