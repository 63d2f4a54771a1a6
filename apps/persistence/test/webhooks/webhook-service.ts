import { webhookAdditionalData } from '@emailauth/contracts/webhooks'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { deriveMailerRing } from '@emailauth/secrets/mailer-ring'
import { unseal } from '@emailauth/secrets/seal'
import { afterAll, beforeAll } from 'vitest'
import { openService, type TestService } from '../service.ts'

export const URL_OF_RECEIVER = 'https://receiver.example.com/hooks?of=emailauth'

/** A service for the tests of a file, and what these do with webhook endpoints. */
export function webhookService() {
  let service: TestService
  let tenants = 0
  beforeAll(async () => {
    service = await openService()
  })
  afterAll(() => service?.close())

  const newTenant = async () => {
    tenants += 1
    const id = `hooked-${tenants}`
    await service.call('POST', '/v1/tenants', { id, name: 'Hooked' })
    return id
  }
  const create = (tenantId: string, more: object = {}) =>
    service.call('POST', '/v1/webhooks', { tenantId, url: URL_OF_RECEIVER, ...more })
  const actsOf = async (tenantId: string) =>
    (await service.call('GET', `/v1/events?tenantId=${tenantId}`)).body.events.map(
      ({ type, target }: { type: string; target: string }) => [type, target],
    )
  /** What the mailer reads of an endpoint. */
  const targetOf = async (id: string, secret = service.it.secret) => {
    const { sealed } = (await service.call('GET', `/v1/webhooks/${id}/sealed`)).body
    const ring = deriveMailerRing(createKeyRing([secret]))
    const context = { purpose: 'webhook', additionalData: webhookAdditionalData(id) } as const
    return JSON.parse(unseal(ring, context, Buffer.from(sealed, 'base64')))
  }
  return {
    service: () => service,
    newTenant,
    create,
    actsOf,
    targetOf,
  }
}
