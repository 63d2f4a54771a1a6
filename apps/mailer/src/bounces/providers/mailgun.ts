import { createHmac } from 'node:crypto'
import { constantTimeEqual } from '@emailauth/secrets/digest'
import { z } from 'zod'
import { bounceOf, isFresh, notTheirs, notUnderstood, type ReadHook, readUnverifiedJson } from './hook.ts'

const signed = z.object({
  signature: z.object({
    timestamp: z.coerce.string().regex(/^\d{1,12}$/),
    token: z.string().min(1).max(200),
    signature: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  'event-data': z.object({
    event: z.string(),
    severity: z.string().optional(),
    recipient: z.string().optional(),
    reason: z.string().nullish(),
    message: z.object({ headers: z.object({ 'message-id': z.string().nullish() }).nullish() }).nullish(),
    'delivery-status': z
      .object({ message: z.string().nullish(), description: z.string().nullish() })
      .nullish(),
  }),
})

/** Mailgun's webhooks. The body holds an HMAC-SHA-256 by the signing key over timestamp and token. */
export function createMailgunHook(signingKey: string, now: () => number): ReadHook {
  return async ({ body }) => {
    const read = signed.safeParse(readUnverifiedJson(body))
    if (!read.success) throw notUnderstood()
    const { signature, 'event-data': event } = read.data
    const expected = createHmac('sha256', signingKey)
      .update(signature.timestamp + signature.token)
      .digest('hex')
    const isTheirs = constantTimeEqual(signature.signature, expected)
    if (!isTheirs || !isFresh(Number(signature.timestamp) * 1000, now())) throw notTheirs()
    if (event.event !== 'failed' && event.event !== 'complained') return []
    const permanent = event.event === 'complained' || event.severity === 'permanent'
    const status = event['delivery-status']
    const reason = status?.message || status?.description || event.reason || event.event
    const bounce = bounceOf(event.message?.headers?.['message-id'], event.recipient, permanent, reason)
    return bounce === undefined ? [] : [bounce]
  }
}
