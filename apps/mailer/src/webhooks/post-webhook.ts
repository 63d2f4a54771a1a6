import type { LookupFunction } from 'node:net'
import { resolveLocalName } from '@emailauth/service/network/resolve-name'
import { Agent, buildConnector } from 'undici'
import { boundAnswers } from './bound-answers.ts'
import { connectPublic } from './connect-public.ts'

/** What came of one request. */
export interface PostResult {
  /** The status that was answered; null: none was. */
  readonly status: number | null
  /** In a sentence; null: the answer was 2xx. */
  readonly error: string | null
  /** The receiver asks for a longer pause. */
  readonly retryAfterMs?: number
}

/** Posts to endpoints. `post` never throws: what went wrong is in its result. */
export interface PostWebhook {
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<PostResult>
  close(): Promise<void>
}

export interface PostWebhookOptions {
  readonly timeoutMs: number
  /** Whether endpoints may be in our own networks. */
  readonly allowPrivate: boolean
  /** Whether they may be called without TLS. */
  readonly allowPlaintext: boolean
  /** For tests: how names are resolved. */
  readonly lookup?: LookupFunction | undefined
}

/** Of an answer's body no more is read. */
const BODY_MAX_BYTES = 64 * 1024
const RETRY_AFTER_MAX_SECONDS = 3600
/** Most interim answers (1xx). A flood of them would hold the event loop until the time-out. */
const INTERIM_MAX = 10

/**
 * Posts over connections that are kept for a while. It follows no redirect and believes no proxy variable.
 */
export function createPostWebhook(options: PostWebhookOptions): PostWebhook {
  const { timeoutMs, allowPrivate, allowPlaintext, lookup } = options
  const agent = new Agent({
    // As many connections to a host as there are requests: endpoints of several tenants may be at one host,
    // and one that hangs must not use up the others'. Each endpoint has its own bound (limits.ts).
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 10_000,
    maxHeaderSize: 16 * 1024,
    connect: boundAnswers(
      allowPrivate
        ? buildConnector({ timeout: timeoutMs, lookup: lookup ?? resolveLocalName() })
        : connectPublic(timeoutMs, lookup),
    ),
  })

  return {
    async post(url, headers, body) {
      // Persistence refuses such a URL. One that was saved while it was allowed is not called either.
      if (!allowPlaintext && !url.startsWith('https:'))
        return { status: null, error: 'The URL does not begin with https://, which the operator requires.' }
      const { signal, onInfo, release } = boundsOf(timeoutMs)
      try {
        const { origin, pathname, search } = new URL(url)
        const path = `${pathname}${search}`
        const answer = await agent.request({ origin, path, method: 'POST', headers, body, signal, onInfo })
        // The status is enough. Reading the rest only frees the connection.
        await answer.body.dump({ limit: BODY_MAX_BYTES, signal }).catch(() => {})
        const status = answer.statusCode
        return { status, error: errorOf(status), ...pauseOf(answer.headers['retry-after']) }
      } catch (error) {
        return { status: null, error: sentenceOf(error, timeoutMs) }
      } finally {
        release()
      }
    },
    close: () => agent.destroy(),
  }
}

/**
 * What ends a request before its answer is complete. Not `AbortSignal.any`: on Node 20 a signal that it made
 * loses its time-out at the next collection of garbage.
 */
function boundsOf(timeoutMs: number): { signal: AbortSignal; onInfo(): void; release(): void } {
  const controller = new AbortController()
  const end = (code: string) => controller.abort(Object.assign(new Error('ended'), { code }))
  const timer = setTimeout(end, timeoutMs, 'ETIMEDOUT')
  let interim = 0
  return {
    signal: controller.signal,
    onInfo() {
      interim += 1
      if (interim > INTERIM_MAX) end('EINTERIM')
    },
    release: () => clearTimeout(timer),
  }
}

function errorOf(status: number): string | null {
  if (status >= 200 && status < 300) return null
  if (status >= 300 && status < 400) return `It answered ${status}; redirects are not followed.`
  return `It answered ${status}.`
}

function pauseOf(header: string | string[] | undefined): { retryAfterMs?: number } {
  const seconds = typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : 0
  return seconds === 0 ? {} : { retryAfterMs: Math.min(seconds, RETRY_AFTER_MAX_SECONDS) * 1000 }
}

const SENTENCES: Readonly<Record<string, string>> = {
  EPRIVATE: 'The host of the URL has an address that is not public.',
  ECONNREFUSED: 'The connection was refused.',
  ECONNRESET: 'The connection was cut off.',
  EPIPE: 'The connection was cut off.',
  UND_ERR_SOCKET: 'The connection was cut off.',
  ENOTFOUND: 'The name of the host cannot be resolved.',
  EAI_AGAIN: 'The name of the host cannot be resolved now.',
  EHOSTUNREACH: 'The host cannot be reached.',
  ENETUNREACH: 'The host cannot be reached.',
  ELONG: 'Its answer is too long.',
  EINTERIM: 'It sent too many interim answers (1xx).',
  UND_ERR_HEADERS_OVERFLOW: 'The headers of the answer are too long.',
}
const TIMEOUTS = new Set([
  'TimeoutError',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** A sentence for what went wrong before a status was read. Never what the receiver wrote. */
function sentenceOf(error: unknown, timeoutMs: number): string {
  const { code, name, errors } = error as { code?: unknown; name?: string; errors?: readonly unknown[] }
  // Several addresses were tried.
  const [first] = errors ?? []
  if (first !== undefined && typeof code !== 'string') return sentenceOf(first, timeoutMs)
  if (TIMEOUTS.has(String(code)) || TIMEOUTS.has(String(name)))
    return `There was no answer within ${timeoutMs / 1000} s.`
  const known = SENTENCES[String(code)]
  if (known !== undefined) return known
  if (/CERT|SSL|TLS|SIGNATURE|ISSUER/.test(String(code))) return `Its certificate is not accepted (${code}).`
  return `The request failed (${typeof code === 'string' ? code : 'no HTTP'}).`
}
