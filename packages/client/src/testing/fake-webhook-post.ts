import type { EmailauthEvent, WebhookAttempt } from '../client.ts'

/** Your receiver: a handler of requests as fetch knows them. */
export type FakeReceiver = (request: Request) => Response | Promise<Response>

/** An event as a webhook posts it; one of a test is in no list of events. */
export type PostedEvent = Omit<EmailauthEvent, 'type'> & { readonly type: string }

/** Where an event goes. */
export interface PostTarget {
  /** Without one every request counts as answered with 204. */
  readonly receive: FakeReceiver | undefined
  readonly url: string
  /** Each of them signs. */
  readonly secrets: readonly string[]
}

/**
 * Posts one event, signed as the service signs it (Standard Webhooks). Never throws.
 * @param nowMs Unix milliseconds; the signature's time
 * @returns the status, null without an answer, and what went wrong, null for 2xx
 */
export async function postToReceiver(
  { receive, url, secrets }: PostTarget,
  event: PostedEvent,
  nowMs: number,
): Promise<Pick<WebhookAttempt, 'status' | 'error'>> {
  const { cursor, type, at, ...data } = event
  const body = JSON.stringify({ id: cursor, type, timestamp: at, data })
  const timestamp = String(Math.floor(nowMs / 1000))
  const signatures = await Promise.all(
    secrets.map((secret) => sign(secret, `${cursor}.${timestamp}.${body}`)),
  )
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'emailauth-webhooks',
    'webhook-id': cursor,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
  if (receive === undefined) return { status: 204, error: null }
  try {
    const { status } = await receive(new Request(url, { method: 'POST', headers, body }))
    return { status, error: errorOf(status) }
  } catch {
    return { status: null, error: 'The request failed (no HTTP).' }
  }
}

function errorOf(status: number): string | null {
  if (status >= 200 && status < 300) return null
  return `It answered ${status}${status >= 300 && status < 400 ? '; redirects are not followed' : ''}.`
}

/** A secret of 256 bits, written as Standard Webhooks does. */
export function generateSecret(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`
}

async function sign(secret: string, text: string): Promise<string> {
  const bytes = Uint8Array.from(atob(secret.slice('whsec_'.length)), (character) => character.charCodeAt(0))
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text))
  return `v1,${btoa(String.fromCharCode(...new Uint8Array(signature)))}`
}
