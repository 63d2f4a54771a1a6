import { ProblemError } from '@emailauth/service/http/problem-error'

/** Turns a Redis fault into the problem `unavailable`. */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw new ProblemError('unavailable', 'The state of messages cannot be reached now; try again soon.', {
      retryAfterSeconds: 1,
      cause,
    })
  }
}
