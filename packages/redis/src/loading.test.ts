import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { expect, onTestFinished, test } from 'vitest'
import { checkWrites } from './check-writes.ts'
import { connectRedis } from './connect.ts'
import { LoadingRedisError } from './loading.ts'

/** Keys, and microseconds that the server waits for each while it loads them, until the test has seen it. */
const [KEYS, EACH_MICROS] = [6000, 10_000]

test('a Redis that loads its data says so, to open connections and to a start, and is used when it has it', async () => {
  const server = await startRedis(
    ...['--key-load-delay', String(EACH_MICROS)],
    ...['--loading-process-events-interval-bytes', '1024'],
  )
  onTestFinished(() => server.stop())
  const errors: Error[] = []
  const redis = await connectRedis(server.url, { onError: (error) => errors.push(error) })
  onTestFinished(() => redis.disconnect())
  await redis.eval(`for i = 1, ${KEYS} do redis.call('set', 'k' .. i, string.rep('x', 200)) end`, 0)
  // Of a file of commands the server waits for none.
  await redis.save()
  await server.kill()
  const restarted = server.restart()
  await eventually(() => expect(checkWrites(redis, 'k')).rejects.toBeInstanceOf(LoadingRedisError))
  expect(errors.at(-1)?.message).toMatch(/^Redis is loading its data \(\d+ %\); it takes calls when/)
  await expect(connectRedis(server.url, { onError: () => {} })).rejects.toBeInstanceOf(LoadingRedisError)
  await redisCommand(server.port, 'config', 'set', 'key-load-delay', '0')
  await restarted
  await eventually(() => checkWrites(redis, 'k'))
})
