import { afterAll, beforeAll, expect, test } from 'vitest'
import { keys } from '../src/store/keys.ts'
import { openService, type TestService } from './service.ts'

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
