import { withoutPassword } from './without-password.ts'

/** Redis takes connections, and has not answered in time. */
export class SilentRedisError extends Error {
  override readonly name = 'SilentRedisError'

  constructor(url: string, cause: unknown) {
    super(`Redis cannot be reached at ${withoutPassword(url)}: it takes connections and does not answer.`, {
      cause,
    })
  }
}
