import type { RedisConnection } from '@emailauth/redis/connection/connect'

const ADD = "for _ = 1, ARGV[1] do redis.call('XADD', KEYS[1], '*', unpack(ARGV, 2)) end"
/** Redis serves nobody else while a script runs, and a command of the store may take 5 s. */
const AT_ONCE = 10_000

/** Adds an entry to a stream many times, in Redis: sending as many commands takes seconds. */
export async function addCopies(
  redis: RedisConnection,
  stream: string,
  fields: readonly (string | Buffer)[],
  count: number,
): Promise<void> {
  for (let left = count; left > 0; left -= AT_ONCE)
    await redis.eval(ADD, 1, stream, Math.min(left, AT_ONCE), ...fields)
}
