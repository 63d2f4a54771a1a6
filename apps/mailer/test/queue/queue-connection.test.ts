import { once } from 'node:events'
import { knownNames } from '@emailauth/service/config/known-names'
import { eventually } from '@emailauth/testing/eventually'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import type { Redis } from 'ioredis'
import { expect, onTestFinished, test, vi } from 'vitest'
import { connectForQueue, copiesMayBlock } from '../../src/queue/queue-connection.ts'

test.each([
  ['redis://127.0.0.1:1', 2000],
  ['redis+sentinel://127.0.0.1:1/main', 1000],
])('a host behind %s that takes no connection is given up after %i ms', (url, connectTimeout) => {
  const redis = connectForQueue(url, { maxRetriesPerRequest: null, socketTimeout: 3000 }, () => {})
  onTestFinished(() => redis.disconnect())
  expect((redis as Redis).options).toMatchObject({ connectTimeout })
})

test('Redis is found while name servers fail, once its name was known', async () => {
  const server = keep(await startRedis())
  const spy = vi.spyOn(knownNames, 'lookupWithin').mockReturnValue((_name, { all }, done) => {
    if (all === true) done(null, [{ address: '127.0.0.1', family: 4 }])
    else done(null, '127.0.0.1', 4)
  })
  onTestFinished(() => spy.mockRestore())
  const url = `redis://redis.internal:${server.port}`
  const redis = connectForQueue(url, { maxRetriesPerRequest: 1, socketTimeout: 3000 }, () => {})
  onTestFinished(() => redis.disconnect())
  expect(await redis.ping()).toBe('PONG')
})

test('a connection that waits for its next attempt ends when it is closed, and so does a copy', async () => {
  const url = 'redis://127.0.0.1:1'
  const redis = connectForQueue(url, { maxRetriesPerRequest: null, socketTimeout: 3000 }, () => {})
  copiesMayBlock(redis, url, 15_000)
  for (const one of [(redis as Redis).duplicate().on('error', () => {}), redis]) {
    await eventually(() => expect(one.status).toBe('reconnecting'))
    const ended = once(one, 'end')
    one.disconnect()
    await ended
  }
})
