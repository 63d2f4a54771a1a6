import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { startCluster } from '@emailauth/testing/redis-cluster'
import { redisCommand } from '@emailauth/testing/redis-command'
import { expect, onTestFinished, test } from 'vitest'
import { checkWrites } from '../../src/check-writes.ts'
import { connectRedis } from '../../src/connection/connect.ts'
import { LoadingRedisError } from '../../src/connection/loading.ts'
import { isRedisUnavailable } from '../../src/faults.ts'

/** Keys, and microseconds that the server waits for each while it loads them, until the test has seen it. */
const [KEYS, EACH_MICROS] = [6000, 10_000]
const SLOW_START = [
  ...['--key-load-delay', String(EACH_MICROS)],
  ...['--loading-process-events-interval-bytes', '1024'],
]
const FILL = `for i = 1, ${KEYS} do redis.call('set', KEYS[1] .. i, string.rep('x', 200)) end`

test('a Redis that loads its data says so, to open connections and to a start, and is used when it has it', async () => {
  const server = await startRedis(...SLOW_START)
  onTestFinished(() => server.stop())
  const errors: Error[] = []
  const redis = await connectRedis(server.url, { onError: (error) => errors.push(error) })
  onTestFinished(() => redis.disconnect())
  // Not by the connection that is tried, whose calls may take a second.
  await redisCommand(server.port, 'eval', FILL, '1', 'k')
  // Of a file of commands the server waits for none.
  await redisCommand(server.port, 'save')
  await server.kill()
  const restarted = server.restart()
  await eventually(() => expect(checkWrites(redis, 'k')).rejects.toBeInstanceOf(LoadingRedisError))
  expect(errors.at(-1)?.message).toMatch(/^Redis is loading its data \(\d+ %\); it takes calls when/)
  await expect(connectRedis(server.url, { onError: () => {} })).rejects.toBeInstanceOf(LoadingRedisError)
  // It loads 5 % in three seconds, and is asked each second.
  const percents = () => errors.flatMap(({ message }) => /\((\d+) %\)/.exec(message)?.[1] ?? []).map(Number)
  await eventually(() => expect(percents().length).toBeGreaterThanOrEqual(4))
  const [first = 0, , , fourth = 100] = percents()
  expect(fourth - first).toBeLessThan(25)
  await redisCommand(server.port, 'config', 'set', 'key-load-delay', '0')
  await restarted
  await eventually(() => checkWrites(redis, 'k'))
})

test('a master of a Cluster that loads its data says so too, and is used when it has it', async () => {
  const servers = await startCluster({ args: SLOW_START })
  onTestFinished(() => servers.stop())
  const errors: string[] = []
  const redis = await connectRedis(servers.url, { onError: ({ message }) => errors.push(message) })
  onTestFinished(() => redis.disconnect())
  // The slot of {k} is 7629, in the second third.
  const master = servers.nodes[1]
  await redisCommand(master?.port ?? 0, 'eval', FILL, '1', '{k}')
  await redisCommand(master?.port ?? 0, 'save')
  const restarted = master?.restart()
  await eventually(() => expect(errors.join()).toMatch(/Redis is loading its data \(\d+ %\)/))
  await expect(redis.get('{k}1')).rejects.toSatisfy(isRedisUnavailable)
  await redisCommand(master?.port ?? 0, 'config', 'set', 'key-load-delay', '0')
  await restarted
  await eventually(async () => expect(await redis.get('{k}1')).toBe('x'.repeat(200)))
})
