import type { ActorKind, DeliveryReason, EventType } from './generated/operations.ts'

export interface VerifyWebhookOptions {
  /** The body as received, byte for byte, neither parsed nor serialized again. */
  readonly body: string | Uint8Array
  /** `webhook-id`, `webhook-timestamp`, `webhook-signature`: a `Headers`, or Node's `request.headers`. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
  /** `whsec_…`. Several while you rotate the secret. */
  readonly secret: string | readonly string[]
  /** Largest age or lead of a webhook's timestamp, in seconds. Default: 300. */
  readonly toleranceSeconds?: number | undefined
  /** Time to compare with, in milliseconds. Default: now. */
  readonly now?: number | undefined
}

/** The webhook is not authentic: not ours, changed, or too old. Answer 400. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError'
}

/** What a webhook posts: an event, as docs/webhooks.md lists its fields. */
export interface WebhookPayload {
  /** The event's id, the same in each attempt and replay; `cursor` in GraphQL. */
  readonly id: string
  /** What happened. Ignore types that you do not know: new ones may be added. */
  readonly type: EventType | (string & {})
  /** When it happened (RFC 3339). */
  readonly timestamp: string
  readonly data: {
    readonly tenantId: string
    /** The identity, as `register` returned it; null for events of the whole tenant. */
    readonly identityId: string | null
    /** The address, with REGISTERED and RESENT. */
    readonly email: string | null
    /** Who did it, with REVOKED. */
    readonly actor: { readonly kind: ActorKind; readonly id: string } | null
    /** The endpoint's id, with WEBHOOK_DISABLED and WEBHOOK_TESTED. */
    readonly target: string | null
    /** Host and port of the SMTP server, with SENT, DEFERRED, BOUNCED and REJECTED. */
    readonly relay: string | null
    /** What that server replied, its first 300 characters. */
    readonly reply: string | null
    /** The class of what went wrong, with DEFERRED, BOUNCED and REJECTED. New ones may be added. */
    readonly reason: DeliveryReason | (string & {}) | null
    /** Your request, with REGISTERED and RESENT: `requestId` of its reply. */
    readonly requestId: string | null
  }
}

export interface VerifiedWebhook<Payload = WebhookPayload> {
  /** The same for each attempt. Store it to ignore repeated webhooks. */
  readonly id: string
  /** When this attempt was signed. */
  readonly timestamp: Date
  readonly payload: Payload
}

/**
 * Verifies a webhook (Standard Webhooks: HMAC-SHA-256 over `id.timestamp.body`) and parses its JSON.
 *
 * @example
 * const body = await request.text()
 * const { id, payload } = await verifyWebhook({ body, headers: request.headers, secret })
 * @throws {WebhookError} when the webhook is not authentic, or there is no body.
 * @throws {TypeError} when the secret is malformed, or the body has been parsed.
 */
export async function verifyWebhook<Payload = WebhookPayload>({
  body,
  headers,
  secret,
  toleranceSeconds = 300,
  now = Date.now(),
}: VerifyWebhookOptions): Promise<VerifiedWebhook<Payload>> {
  const id = headerOf(headers, 'webhook-id')
  const timestamp = headerOf(headers, 'webhook-timestamp')
  const signatures = headerOf(headers, 'webhook-signature')
  if (!/^\d{1,12}$/.test(timestamp)) throw new WebhookError('webhook-timestamp is no time.')
  if (Math.abs(now / 1000 - Number(timestamp)) > toleranceSeconds) {
    throw new WebhookError('The webhook is too old, or a clock is wrong.')
  }
  const bytes = bytesOf(body)
  const signed = concat(new TextEncoder().encode(`${id}.${timestamp}.`), bytes)
  if (!(await isSigned(signed, signatures, typeof secret === 'string' ? [secret] : secret))) {
    throw new WebhookError('No signature of the webhook is right.')
  }
  try {
    // Signed by the service, so it has the form of its payloads.
    const payload = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Payload
    return { id, timestamp: new Date(Number(timestamp) * 1000), payload }
  } catch (cause) {
    throw new WebhookError('The body of the webhook is no JSON.', { cause })
  }
}

/** A framework may hand over the object that it has parsed, whatever the types of the caller say. */
function bytesOf(body: unknown): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body)
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
  if (isMissing(body)) throw new WebhookError('The webhook has no body, or it was not read as text or bytes.')
  throw new TypeError('The body of a webhook must be given as received, as text or bytes, not parsed.')
}

/**
 * Express leaves undefined, Express 4 an empty object, where a request has no body or one of another media
 * type. A stranger can send such a request, so it must not end as a fault of the receiver.
 */
function isMissing(body: unknown): boolean {
  if (body === undefined || body === null) return true
  return Object.prototype.toString.call(body) === '[object Object]' && Object.keys(body).length === 0
}

/** WebCrypto compares in constant time. */
async function isSigned(signed: Uint8Array<ArrayBuffer>, signatures: string, secrets: readonly string[]) {
  const given = signatures
    .split(' ')
    .flatMap((each) => (each.startsWith('v1,') ? (fromBase64(each.slice(3)) ?? []) : []))
  const keys = await Promise.all(secrets.map(importSecret))
  const checks = keys.flatMap((key) => given.map((each) => crypto.subtle.verify('HMAC', key, each, signed)))
  return (await Promise.all(checks)).includes(true)
}

function importSecret(secret: string): ReturnType<typeof crypto.subtle.importKey> {
  const key = typeof secret === 'string' ? fromBase64(secret.replace(/^whsec_/, '')) : undefined
  // The message must not contain the secret.
  if (key === undefined || key.length === 0) throw new TypeError('A webhook secret is "whsec_" and base64.')
  return crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
}

function headerOf(headers: VerifyWebhookOptions['headers'], name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : entryOf(headers, name)
  if (typeof value !== 'string' || value === '') throw new WebhookError(`The header ${name} is missing.`)
  return value
}

function entryOf(headers: Readonly<Record<string, string | readonly string[] | undefined>>, name: string) {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(a.length + b.length)
  whole.set(a)
  whole.set(b, a.length)
  return whole
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
