import { startRedis } from '@emailauth/testing/redis'
import { expect, test } from 'vitest'
import { connectRedis } from '../src/connection/connect.ts'
import { LoadingRedisError } from '../src/connection/loading.ts'
import { isRedisUnavailable, isRefusedWrite } from '../src/faults.ts'
import { defineScript } from '../src/rules/script.ts'

const scriptOf = <Reply>(...parts: readonly string[]) => defineScript(parts, (reply: Reply) => reply)

const write = scriptOf<string>("return redis.call('SET', KEYS[1], ARGV[1])")
const fault = async (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  )

test.each([
  ['ReplyError', 'READONLY You cannot write against a read only replica.'],
  ['ReplyError', 'CLUSTERDOWN Hash slot not served'],
  [
    'ReplyError',
    'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
  ],
  [
    'ReplyError',
    'ERR Script attempted to access a non local key in a cluster node script: abc, on @user_script:1.',
  ],
  ['ReplyError', 'MISCONF Errors writing to the AOF file: No space left on device'],
  ['Error', "Cluster isn't ready and enableOfflineQueue options is false"],
  ['Error', 'Too many Cluster redirections. Last error: Error: MOVED 1 127.0.0.1:7000'],
  ['AbortError', 'Command aborted due to connection close'],
  ['Error', 'Socket timeout. Expecting data, but did not receive any in 2000ms.'],
  ['Error', 'All sentinels are unreachable. Retrying from scratch after 50ms.'],
])('%s: %s: unavailable', (name, message) => {
  expect(isRedisUnavailable(Object.assign(new Error(message), { name }))).toBe(true)
})

test.each([
  ['ReplyError', 'WRONGTYPE Operation against a key holding the wrong kind of value'],
  ['ReplyError', "NOPERM this user has no permissions to run the 'set' command"],
  ['ReplyError', 'ERR user_script:3: attempt to index a nil value script: abc, on @user_script:3.'],
  ['TypeError', 'Cannot read properties of undefined'],
])('%s: %s: our own fault', (name, message) => {
  expect(isRedisUnavailable(Object.assign(new Error(message), { name }))).toBe(false)
})

test('a Redis that loads its data is unavailable', () => {
  expect(isRedisUnavailable(new LoadingRedisError('42.5'))).toBe(true)
})

test('a full, a stalled, a read-only and a dead Redis are unavailable; a wrong command is our own fault', async () => {
  const server = await startRedis()
  const redis = await connectRedis(server.url, { onError: () => {}, commandTimeoutMs: 100 })
  try {
    await redis.config('SET', 'maxmemory', '1', 'maxmemory-policy', 'noeviction')
    expect(isRedisUnavailable(await fault(redis.set('k', 'v')))).toBe(true)
    const refused = await fault(write(redis, ['k'], ['v']))
    expect([isRedisUnavailable(refused), isRefusedWrite(refused)]).toEqual([true, true])
    await redis.config('SET', 'maxmemory', '0')
    expect(isRedisUnavailable(await fault(redis.lpush('k', 'v').then(() => redis.get('k'))))).toBe(false)
    process.kill(server.pid, 'SIGSTOP')
    const timedOut = await fault(redis.ping())
    expect([isRedisUnavailable(timedOut), isRefusedWrite(timedOut)]).toEqual([true, false])
    process.kill(server.pid, 'SIGCONT')
    await server.kill()
    expect(isRedisUnavailable(await fault(redis.ping()))).toBe(true)
  } finally {
    redis.disconnect()
    await server.stop()
  }
})
