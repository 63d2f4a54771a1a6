import type { WebhookEndpoint } from '@emailauth/contracts/webhooks'
import { expect, test } from 'vitest'
import { updateChanges } from './webhook-update-changes.ts'

const endpoint: WebhookEndpoint = {
  id: 'shop.wh_7k2m9q4t1x0c5v8b',
  tenantId: 'shop',
  version: 3,
  url: 'https://hooks.example.com/services/s3cret',
  description: 'Orders',
  eventTypes: null,
  createdAt: '2026-11-20T10:00:00.000Z',
  updatedAt: '2026-11-20T10:00:00.000Z',
  disabledAt: null,
  disabledReason: null,
  previousSecretUntil: null,
}

test('what differs, and the version that it makes', () => {
  const changes = { description: null, eventTypes: ['verified' as const], enabled: true }
  expect(updateChanges(endpoint, { ...changes, url: endpoint.url })).toEqual([
    { field: 'description', before: 'Orders', after: null },
    { field: 'eventTypes', before: null, after: '["verified"]' },
    { field: 'version', before: '3', after: '4' },
  ])
})

test('a URL without its path, also when only that differs', () => {
  const changes = updateChanges(endpoint, { url: 'https://hooks.example.com/services/0ther' })
  expect(changes).toContainEqual({
    field: 'url',
    before: 'https://hooks.example.com/…',
    after: 'https://hooks.example.com/…',
  })
  expect(JSON.stringify(changes)).not.toMatch(/s3cret|0ther/)
})
