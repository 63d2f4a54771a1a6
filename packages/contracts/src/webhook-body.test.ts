import { expect, test } from 'vitest'
import { webhookBody } from './webhook-body.ts'

const NOTHING = {
  identityId: null,
  email: null,
  actor: null,
  target: null,
  relay: null,
  reply: null,
  reason: null,
  requestId: null,
}

test('the body of a webhook has all its fields, with names as GraphQL spells them', () => {
  const at = '2026-12-01T12:00:00.000Z'
  const ofTenant = { ...NOTHING, cursor: 'c1', type: 'misses.high', at, tenantId: 'shop' }
  expect(JSON.parse(webhookBody(ofTenant))).toEqual({
    id: 'c1',
    type: 'MISSES_HIGH',
    timestamp: at,
    data: { tenantId: 'shop', ...NOTHING },
  })
  const given = { identityId: 'shop.1', relay: 'smtp.example.net:587', reply: '552 5.2.2 full' }
  const bounced = { ...ofTenant, type: 'bounced', ...given, reason: 'mailbox-full' }
  expect(JSON.parse(webhookBody(bounced)).data).toEqual({
    tenantId: 'shop',
    ...NOTHING,
    ...given,
    reason: 'MAILBOX_FULL',
  })
  const actor = { kind: 'api-key', id: 'k1' }
  expect(JSON.parse(webhookBody({ ...ofTenant, actor })).data.actor).toEqual({ kind: 'API_KEY', id: 'k1' })
})
