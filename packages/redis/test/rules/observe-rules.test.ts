import { startRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { connectRedis } from '../../src/connection/connect.ts'
import { observeRules } from '../../src/rules/observe-rules.ts'
import { defineScript } from '../../src/rules/script.ts'

test('a call that Redis refuses within a run is counted, one that works is not', async () => {
  const server = await startRedis()
  onTestFinished(() => server.stop())
  const redis = await connectRedis(server.url, { onError: () => {} })
  onTestFinished(() => redis.disconnect())
  const registry = new Registry()
  observeRules(redis, { registry })
  const write = defineScript(["return redis.call('SET', KEYS[1], ARGV[1], 'EX', 60)"], String)
  const counted = async () => {
    const { values } = (await registry.getSingleMetric('emailauth_redis_errors_total')?.get()) ?? {}
    return values?.map(({ labels, value }) => [labels.kind, value])
  }
  const observed = async () => Number(/rule_duration_seconds_count (\d+)/.exec(await registry.metrics())?.[1])
  expect(await write(redis, ['key'], ['1'])).toBe('OK')
  expect(await counted()).toEqual([])

  await redisCommand(server.port, 'config', 'set', 'maxmemory', '1')
  const calls = [write(redis, ['key'], ['2']), write(redis, ['key'], ['3'])]
  for (const call of calls) await expect(call).rejects.toThrow('OOM')
  expect(await counted()).toEqual([['reply', 2]])

  // Redis has forgotten the script, as after a restart, so the run goes by EVAL.
  const before = await observed()
  await redisCommand(server.port, 'script', 'flush')
  await expect(write(redis, ['key'], ['4'])).rejects.toThrow('OOM')
  expect(await counted()).toEqual([['reply', 3]])
  expect(await observed()).toBe(before + 1)
})
