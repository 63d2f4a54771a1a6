import { isRedisUnavailable } from '@emailauth/redis/faults'
import { ProblemError } from '@emailauth/service/http/problem-error'

/** The detail of `unavailable` where Redis may have run the command. */
export const UNKNOWN_EFFECT =
  'The store cannot be reached at the moment; whether this call took effect is unknown.'

/** The problem for an unreachable Redis. undefined: it is another error. */
export function storeFault(error: unknown): ProblemError | undefined {
  if (!isRedisUnavailable(error)) return undefined
  return new ProblemError('unavailable', UNKNOWN_EFFECT, { retryAfterSeconds: 1, cause: error })
}
