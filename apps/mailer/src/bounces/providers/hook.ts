import type { BounceRequest } from '@emailauth/contracts/messages'
import { ProblemError } from '@emailauth/service/problem-error'

/** A provider's call as it came, since signatures are over bytes. */
export interface HookCall {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/**
 * Checks that a call is the provider's, and reads the bounces and complaints in it; what else providers report is passed over.
 * @throws {ProblemError} `unauthenticated` or `bad-input`
 */
export type ReadHook = (call: HookCall) => Promise<readonly BounceRequest[]>

/** Providers try again for up to a day, and some sign once for all tries. What is taken twice changes nothing. */
const VALID_MS = 25 * 3_600_000
const AHEAD_MS = 300_000
const REASON_MAX = 1000

export function isFresh(sentAtMs: number, nowMs: number): boolean {
  return sentAtMs > nowMs - VALID_MS && sentAtMs < nowMs + AHEAD_MS
}

export function notTheirs(): ProblemError {
  return new ProblemError('unauthenticated', 'The signature is missing, wrong or too old.')
}

export function notUnderstood(): ProblemError {
  return new ProblemError('bad-input', 'The body is not what this provider sends.')
}

export function readJson(body: Buffer | string): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw notUnderstood()
  }
}

/** One bounce, or undefined where the provider names no message or recipient of ours. */
export function bounceOf(
  messageId: string | null | undefined,
  email: string | null | undefined,
  permanent: boolean,
  reason: string | null | undefined,
): BounceRequest | undefined {
  if (!messageId || !email || messageId.length > 400 || email.length > 320) return undefined
  return { messageId, email: bareAddress(email), permanent, reason: (reason ?? '').slice(0, REASON_MAX) }
}

/** `Ada <ada@example.com>` and `rfc822;ada@example.com` are the address; who is no address is found out later. */
function bareAddress(text: string): string {
  const inner = /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text
  return inner.replace(/^\s*(?:rfc822|utf-8)\s*;\s*/i, '').trim()
}
