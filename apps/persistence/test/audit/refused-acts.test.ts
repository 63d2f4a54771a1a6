import { afterAll, beforeAll, expect, test } from 'vitest'
import { openService, type TestService } from '../service.ts'

let service: TestService
beforeAll(async () => {
  service = await openService()
})
afterAll(() => service?.close())

const entriesOf = async () => {
  const { events } = (await service.call('GET', '/v1/events?first=200')).body
  return events.length as number
}

test('an act that is refused leaves no entry in the audit log', async () => {
  await service.call('POST', '/v1/tenants', { id: 'taken', name: 'Taken' })
  const { apiKey } = await service.newKey('taken')
  await service.call('DELETE', `/v1/api-keys/${apiKey.id}`)
  const before = await entriesOf()
  const refused = [
    service.call('POST', '/v1/tenants', { id: 'taken', name: 'Again' }),
    service.call('POST', `/v1/api-keys/${apiKey.id}/rotate`, {}),
    service.call('POST', '/v1/api-keys/000000000000/rotate', {}),
    service.call('POST', '/v1/api-keys', { scope: 'tenant', tenantId: 'nobody', name: 'k' }),
    service.call('DELETE', '/v1/api-keys/000000000000'),
    service.call('PATCH', '/v1/tenants/nobody', { name: 'x' }),
    service.call('DELETE', '/v1/tenants/nobody'),
    service.call('PATCH', '/v1/tenants/admin', { name: 'x' }),
    service.call('DELETE', `/v1/sessions/${'0'.repeat(16)}`),
    service.call('DELETE', `/v1/identities/taken.${'x'.repeat(23)}`),
  ]
  for (const { status } of await Promise.all(refused)) expect(status).toBeGreaterThanOrEqual(400)
  expect(await entriesOf()).toBe(before)
})
