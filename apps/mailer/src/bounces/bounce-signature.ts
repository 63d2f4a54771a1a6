import { createHmac } from 'node:crypto'
import { constantTimeEqual } from '@emailauth/secrets/digest'

/** A signature is valid this long before and after its time. */
const VALID_SECONDS = 300

/** Signs a body: HMAC-SHA-256 over Unix seconds, a dot and the body's bytes, in hex. */
export function signBounce(secret: string, timestampSeconds: number, body: Buffer): string {
  return createHmac('sha256', secret).update(`${timestampSeconds}.`).update(body).digest('hex')
}

/**
 * Reads `t=<Unix seconds>,v1=<hex>`. True when it signs this body and is recent, so that it cannot be
 * replayed.
 */
export function isSignedBounce(
  secret: string,
  header: string | undefined,
  body: Buffer,
  nowMs: number,
): boolean {
  const [, timestamp, signature] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? '') ?? []
  if (timestamp === undefined || signature === undefined) return false
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > VALID_SECONDS) return false
  return constantTimeEqual(signature, signBounce(secret, Number(timestamp), body))
}
