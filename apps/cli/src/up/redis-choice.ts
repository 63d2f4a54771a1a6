import { CliError, EXIT } from '../exit-codes.ts'
import { findExecutable } from './executables.ts'

/** Which Redis `up` works with. */
export type RedisChoice =
  | { readonly kind: 'given'; readonly url: string }
  | { readonly kind: 'binary'; readonly file: string }
  | { readonly kind: 'embedded' }

export const REDIS_PROGRAMS = ['redis-server', 'valkey-server'] as const

/**
 * The one in EMAILAUTH_REDIS_URL; else a server on the PATH; else the embedded one, which forgets everything when it ends and
 * is therefore refused in production.
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
