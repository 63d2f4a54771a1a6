import { randomBytes } from 'node:crypto'
import type { Event } from '@emailauth/contracts/events'
import { type SealedWebhook, tenantOfWebhook, webhookAdditionalData } from '@emailauth/contracts/webhooks'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { seal } from '@emailauth/secrets/seal'
import { keyRing } from '../running-mailer.ts'

let made = 0

export const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`
export const newIdentity = () => `demo.${randomBytes(18).toString('base64url').slice(0, 23)}`
export const newWebhookId = () => `demo.wh_${randomBytes(8).toString('hex')}`

/** An event after all others of this process. */
export function anEvent(changes: Partial<Event> = {}): Event {
  made += 1
  return {
    cursor: `${(1_800_000_000_000 + made).toString(16).padStart(12, '0')}-00000000-demo.00`,
    type: 'registered',
    at: new Date().toISOString(),
    tenantId: 'demo',
    identityId: newIdentity(),
    email: 'planted@example.com',
    actor: null,
    target: null,
    changes: null,
    relay: null,
    reply: null,
    reason: null,
    requestId: null,
    ...changes,
  }
}

/** An endpoint as persistence seals it for the mailer. */
export function aWebhook(
  url: string,
  secrets: readonly (string | { secret: string; until: string })[],
  changes: Partial<SealedWebhook> = {},
  ring: KeyRing = keyRing,
): SealedWebhook {
  const id = changes.id ?? newWebhookId()
  const target = {
    url,
    secrets: secrets.map((one) => (typeof one === 'string' ? { secret: one, until: null } : one)),
  }
  const sealed = seal(
    ring,
    { purpose: 'webhook', additionalData: webhookAdditionalData(id) },
    JSON.stringify(target),
  )
  return { id, version: 1, enabled: true, sealed: sealed.toString('base64'), ...changes }
}

/** What the outbox hands over of one tenant. */
export function handOver(webhook: SealedWebhook, events: readonly Event[], deleted: readonly string[] = []) {
  const to = [webhook.id]
  const tenantId = tenantOfWebhook(webhook.id)
  return {
    entries: [{ tenantId, webhooks: [webhook], events: events.map((event) => ({ event, to })) }],
    deleted,
  }
}
