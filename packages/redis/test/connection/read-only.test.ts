import { eventually } from '@emailauth/testing/eventually'
import { startMovingName } from '@emailauth/testing/moving-name'
import { startRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { expect, test } from 'vitest'
import { connectRedis } from '../../src/connection/connect.ts'
import { isRedisUnavailable } from '../../src/faults.ts'
import { defineScript } from '../../src/rules/script.ts'

const scriptOf = <Reply>(...parts: readonly string[]) => defineScript(parts, (reply: Reply) => reply)

test.each([
  ['a rule', scriptOf<string>("return redis.call('SET', KEYS[1], ARGV[1])")],
  ['a rule that keeps its error to itself', scriptOf<string>("return redis.pcall('SET', KEYS[1], ARGV[1])")],
])('after a failover behind one name %s reaches the new master, without a restart', async (_name, write) => {
  const [first, second] = [await startRedis(), await startRedis()]
  const name = await startMovingName(first.port)
  const redis = await connectRedis(name.url, { onError: () => {} })
  try {
    await write(redis, ['k'], ['before'])
    await redisCommand(first.port, 'replicaof', '127.0.0.1', String(second.port))
    name.leadTo(second.port)
    const refused = await write(redis, ['k'], ['refused']).catch((error: unknown) => error)
    expect(isRedisUnavailable(refused)).toBe(true)
    await eventually(async () => expect(String(await write(redis, ['k'], ['after']))).toBe('OK'))
    expect(await redisCommand(second.port, 'get', 'k')).toContain('after')
  } finally {
    redis.disconnect()
    name.stop()
    await Promise.all([first.stop(), second.stop()])
  }
})

test('a plain command that is refused leads to the new master too', async () => {
  const [first, second] = [await startRedis(), await startRedis()]
  const name = await startMovingName(first.port)
  const redis = await connectRedis(name.url, { onError: () => {} })
  try {
    await redisCommand(first.port, 'replicaof', '127.0.0.1', String(second.port))
    name.leadTo(second.port)
    await expect(redis.set('k', 'refused')).rejects.toThrow('READONLY')
    await eventually(async () => expect(await redis.set('k', 'after')).toBe('OK'))
  } finally {
    redis.disconnect()
    name.stop()
    await Promise.all([first.stop(), second.stop()])
  }
})
