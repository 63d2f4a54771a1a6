import { isRedisUnavailable } from '@emailauth/redis/faults'
import { ProblemError } from '@emailauth/service/problem-error'

/** The problem for an unreachable Redis. undefined: it is another error. */
export function storeFault(error: unknown): ProblemError | undefined {
  if (!isRedisUnavailable(error)) return undefined
  const detail = 'The store cannot be reached at the moment; whether this call took effect is unknown.'
  return new ProblemError('unavailable', detail, { retryAfterSeconds: 1, cause: error })
}
