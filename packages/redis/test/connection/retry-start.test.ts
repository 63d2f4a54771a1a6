import { startFaultProxy } from '@emailauth/testing/fault-proxy'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { connectRedis } from '../../src/connection/connect.ts'
import { LoadingRedisError } from '../../src/connection/loading.ts'
import { retryStart } from '../../src/connection/retry-start.ts'
import { SilentRedisError } from '../../src/connection/silent-redis.ts'

afterEach(() => void vi.restoreAllMocks())

/** A Redis behind a network that a test breaks. */
async function aRedis() {
  const server = keep(await startRedis())
  const proxy = keep(await startFaultProxy(server.port))
  const url = `redis://user:secret@127.0.0.1:${proxy.port}`
  return { proxy, url: url.replace('user:secret@', ''), withPassword: url }
}

test.each(['while it connects', 'after it has connected'])(
  'a Redis that is silent %s is waited for',
  async (when) => {
    const { proxy, url } = await aRedis()
    const isEarly = when === 'while it connects'
    if (isEarly) proxy.set('stalled')
    const pause = vi.fn(async () => proxy.set('none'))
    const open = async () => {
      const redis = await connectRedis(url, { onError: () => {} })
      onTestFinished(() => redis.disconnect())
      if (!isEarly && pause.mock.calls.length === 0) proxy.set('stalled')
      return redis.time()
    }
    expect(await retryStart(url, open, pause)).toHaveLength(2)
    expect(pause).toHaveBeenCalled()
  },
)

test('one that stays silent is given up after ten seconds, in a sentence without its password', async () => {
  const { proxy, withPassword: url } = await aRedis()
  proxy.set('stalled')
  const began = performance.now()
  let pausedMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => began + pausedMs)
  const pause = vi.fn(async () => {
    pausedMs += 2500
  })
  const start = retryStart(url, () => connectRedis(url, { onError: () => {} }), pause)
  await expect(start).rejects.toThrow(
    `Redis cannot be reached at redis://…@127.0.0.1:${proxy.port}: it takes connections and does not answer.`,
  )
  expect(pause).toHaveBeenCalledTimes(4)
})

test.each([
  new Error('The store in Redis has format 9.'),
  new LoadingRedisError('5'),
  new Error('Redis cannot be reached at redis://…@127.0.0.1:1.'),
])('other faults end the start at once: %s', async (fault) => {
  const open = vi.fn(async () => {
    throw fault
  })
  await expect(retryStart('redis://127.0.0.1', open)).rejects.toBe(fault)
  expect(open).toHaveBeenCalledTimes(1)
  expect(fault).not.toBeInstanceOf(SilentRedisError)
})
