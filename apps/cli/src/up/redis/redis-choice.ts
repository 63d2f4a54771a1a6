import { CliError, EXIT } from '../../exit-codes.ts'
import { findExecutable } from '../executables.ts'

/** Which Redis `up` works with. */
export type RedisChoice =
  | { readonly kind: 'given'; readonly url: string }
  | { readonly kind: 'binary'; readonly file: string }
  | { readonly kind: 'embedded' }

export const REDIS_PROGRAMS = ['redis-server', 'valkey-server'] as const

/**
 * EMAILAUTH_REDIS_URL first, then a server on the PATH, then the embedded one. The embedded Redis loses its
 * data when it stops, so production refuses it.
 */
export async function chooseRedis({
  redisUrl,
  production,
  path,
}: {
  readonly redisUrl: string | undefined
  readonly production: boolean
  /** The PATH. */
  readonly path: string | undefined
}): Promise<RedisChoice> {
  if (redisUrl !== undefined) return { kind: 'given', url: redisUrl }
  const file = await findExecutable(REDIS_PROGRAMS, path)
  if (file !== undefined) return { kind: 'binary', file }
  if (!production) return { kind: 'embedded' }
  throw new CliError(EXIT.failed, 'There is no Redis, and the embedded one is not for production.', {
    hint: 'Set EMAILAUTH_REDIS_URL, or install redis-server or valkey-server.',
  })
}
