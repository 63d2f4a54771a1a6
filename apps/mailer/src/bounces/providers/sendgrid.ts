import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { z } from 'zod'
import { bounceOf, isFresh, notTheirs, notUnderstood, type ReadHook, readJson } from './hook.ts'

const events = z.array(
  z.object({
    event: z.string(),
    email: z.string().optional(),
    'smtp-id': z.string().optional(),
    type: z.string().optional(),
    reason: z.string().nullish(),
  }),
)

/**
 * Reads SendGrid's verification key in the form its settings show: SPKI in base64, elliptic curve.
 * @throws {Error} with a sentence that shows the right form.
 */
export function parseSendgridKey(text: string): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType === 'ec') return key
  } catch {}
  throw new Error("must be the verification key of SendGrid's signed event webhook, in base64")
}

/** SendGrid's signed event webhook: ECDSA over timestamp and body bytes. */
export function createSendgridHook(key: KeyObject, now: () => number): ReadHook {
  return async ({ headers, body }) => {
    const timestamp = headers['x-twilio-email-event-webhook-timestamp'] ?? ''
    const signature = headers['x-twilio-email-event-webhook-signature'] ?? ''
    const bytes = Buffer.concat([Buffer.from(timestamp), body])
    const isTheirs = /^\d{1,12}$/.test(timestamp) && isSigned(key, bytes, signature)
    if (!isTheirs || !isFresh(Number(timestamp) * 1000, now())) throw notTheirs()
    const read = events.safeParse(readJson(body))
    if (!read.success) throw notUnderstood()
    return read.data.flatMap(({ event, type, email, reason, 'smtp-id': messageId }) => {
      if (event !== 'bounce' && event !== 'spamreport') return []
      // `blocked` is about the sender, or temporary.
      const permanent = event === 'spamreport' || type !== 'blocked'
      return bounceOf(messageId, email, permanent, reason || event) ?? []
    })
  }
}

function isSigned(key: KeyObject, bytes: Buffer, signature: string): boolean {
  try {
    return verify('sha256', bytes, key, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}
