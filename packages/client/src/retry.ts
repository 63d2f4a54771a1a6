import { EmailauthError } from './error.ts'

export interface RetryOptions {
  /** How often a call is sent again: queries, `register` and `verify`. 1 without it; 0: never. */
  readonly maxRetries: number
  /** The pause before the first retry; it doubles with each. 100 without it. */
  readonly baseDelayMs: number
  /** The longest pause, whatever the server asks for. 1,000 without it. */
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
 * Pause before the next attempt. Undefined when the server asks for more than `maxDelayMs`: then the call
 * fails at once with `retryAfterSeconds`. It neither blocks the caller nor retries too early.
 */
export function retryDelayMs(
  { retryAfterSeconds }: EmailauthError,
  attempt: number,
  { baseDelayMs, maxDelayMs }: RetryOptions,
): number | undefined {
  if (retryAfterSeconds === undefined) return Math.min(baseDelayMs * 2 ** (attempt - 1), maxDelayMs)
  const asked = retryAfterSeconds * 1000
  return asked <= maxDelayMs ? asked : undefined
}
