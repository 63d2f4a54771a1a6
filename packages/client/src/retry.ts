import { EmailauthError } from './error.ts'
import { jittered } from './timing.ts'

export interface RetryOptions {
  /** How often a call is sent again: queries, `register` and `verify`. 1 without it; 0: never. */
  readonly maxRetries: number
  /** The longest pause before the first retry; it doubles with each. 100 without it. */
  readonly baseDelayMs: number
  /** It doubles up to this. A call fails at once if the server asks for a longer pause. 1,000 without it. */
  readonly maxDelayMs: number
}

export const RETRY: RetryOptions = { maxRetries: 1, baseDelayMs: 100, maxDelayMs: 1000 }

/** A lost reply, or a service that is away for a moment. */
export function isRetryable(error: unknown): error is EmailauthError {
  return (
    error instanceof EmailauthError && (error.code === 'UNREACHABLE' || error.code === 'SERVICE_UNAVAILABLE')
  )
}

/**
 * Pause before the next attempt: half of it is random. What the server asks for is the least pause, and the
 * random part comes on top. Undefined when it asks for more than `maxDelayMs`: then the call fails at once
 * with `retryAfterSeconds`. It neither blocks the caller nor retries too early.
 */
export function retryDelayMs(
  { retryAfterSeconds }: EmailauthError,
  attempt: number,
  { baseDelayMs, maxDelayMs }: RetryOptions,
  random?: () => number,
): number | undefined {
  const backoff = Math.min(baseDelayMs * 2 ** (attempt - 1), maxDelayMs)
  if (retryAfterSeconds === undefined) return jittered(backoff / 2, backoff, random)
  const asked = retryAfterSeconds * 1000
  return asked <= maxDelayMs ? jittered(asked, asked + backoff, random) : undefined
}
