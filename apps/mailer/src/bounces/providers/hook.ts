import { cutText } from '@emailauth/contracts/cut-text'
import type { BounceRequest } from '@emailauth/contracts/messages'
import { REPORTED_ADDRESS_MAX_LENGTH } from '@emailauth/contracts/reported-address'
import { hasManyParts } from '@emailauth/service/http/json-parts'
import { ProblemError } from '@emailauth/service/http/problem-error'

/** A provider's call, unparsed, because signatures cover bytes. */
export interface HookCall {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/**
 * Verifies that a call comes from the provider, and reads its bounces and complaints. Ignores its other
 * events.
 * @throws {ProblemError} `unauthenticated` or `bad-input`
 */
export type ReadHook = (call: HookCall) => Promise<readonly BounceRequest[]>

/**
 * Providers repeat calls for up to a day, and some reuse the signature. A repeated bounce changes nothing.
 */
const VALID_MS = 25 * 3_600_000
const AHEAD_MS = 300_000
const REASON_MAX = 1000

/**
 * Whether a signed time is neither older than a provider repeats calls, nor ahead of our clock by much.
 */
export function isFresh(sentAtMs: number, nowMs: number): boolean {
  return sentAtMs > nowMs - VALID_MS && sentAtMs < nowMs + AHEAD_MS
}

/** For a call that the provider did not sign, or signed too long ago. */
export function notTheirs(): ProblemError {
  return new ProblemError('unauthenticated', 'The signature is missing, wrong or too old.')
}

/** For a call of the provider whose body has another shape than its documentation says. */
export function notUnderstood(): ProblemError {
  return new ProblemError('bad-input', 'The body is not what this provider sends.')
}

/**
 * Parses a body.
 * @throws {ProblemError} `bad-input` when it is no JSON
 */
export function readJson(body: Buffer | string): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw notUnderstood()
  }
}

/**
 * Parses a body that holds its own signature, so that any stranger may have sent it. Reports have a few dozen
 * keys; thousands would take the mailer's time before the signature is looked at.
 * @throws {ProblemError} `bad-input` when it is no JSON, or has more parts than a report
 */
export function readUnverifiedJson(body: Buffer): unknown {
  if (hasManyParts(body)) throw notUnderstood()
  return readJson(body)
}

/** One bounce, or undefined when the provider names no message or recipient of ours. */
export function bounceOf(
  messageId: string | null | undefined,
  email: string | null | undefined,
  permanent: boolean,
  reason: string | null | undefined,
): BounceRequest | undefined {
  if (!messageId || !email || messageId.length > 400 || email.length > REPORTED_ADDRESS_MAX_LENGTH)
    return undefined
  return { messageId, email, permanent, reason: cutText(reason ?? '', REASON_MAX) }
}
