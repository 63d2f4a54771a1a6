import { createHmac } from 'node:crypto'
import type { WebhookTarget } from '@emailauth/contracts/webhooks'

/** The headers of the Standard Webhooks scheme: one signature for each secret that signs at this moment. */
export function signedHeaders(id: string, body: string, secrets: WebhookTarget['secrets'], nowMs: number) {
  const timestamp = String(Math.floor(nowMs / 1000))
  const signatures = secrets
    .filter(({ until }) => until === null || Date.parse(until) > nowMs)
    .map(({ secret }) => `v1,${signature(secret, `${id}.${timestamp}.${body}`)}`)
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  } as const
}

function signature(secret: string, signed: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return createHmac('sha256', key).update(signed).digest('base64')
}
