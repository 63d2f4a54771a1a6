import type { LookupFunction } from 'node:net'
import { join } from 'node:path'
import { eventually } from '@emailauth/testing/eventually'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import { startCluster } from '@emailauth/testing/redis-cluster'
import { redisCommand } from '@emailauth/testing/redis-command'
import { startSentinel } from '@emailauth/testing/redis-sentinel'
import { startTlsRedis } from '@emailauth/testing/redis-tls'
import { expect, onTestFinished, test } from 'vitest'
import { connectRedis } from '../../src/connection/connect.ts'

const onError = () => {}
const NAME = 'redis.internal'

/** A look-up that alone knows the name, and whose every question is written down. */
function lookupOf() {
  const asked: string[] = []
  const within: number[] = []
  const lookup: LookupFunction = (hostname, { all }, done) => {
    asked.push(hostname)
    if (all === true) done(null, [{ address: '127.0.0.1', family: 4 }])
    else done(null, '127.0.0.1', 4)
  }
  const lookupWithin = (ms: number) => {
    within.push(ms)
    return lookup
  }
  return { asked, within, lookupWithin }
}

test('a name is looked up as the caller says, at each connection', async () => {
  const server = keep(await startRedis())
  const { asked, within, lookupWithin } = lookupOf()
  const redis = await connectRedis(`redis://${NAME}:${server.port}`, { onError, lookupWithin })
  onTestFinished(() => redis.disconnect())
  await redis.set('ea:k', 'v')
  expect({ asked, within }).toEqual({ asked: [NAME], within: [2000] })
  await redisCommand(server.port, 'client', 'kill', 'type', 'normal')
  await eventually(async () => expect(await redis.get('ea:k')).toBe('v'))
  expect(asked).toEqual([NAME, NAME])
})

test('a server that is away fails calls at once, and is found again', async () => {
  const server = keep(await startRedis())
  const redis = await connectRedis(`redis://${NAME}:${server.port}`, { onError, ...lookupOf() })
  onTestFinished(() => redis.disconnect())
  await server.kill()
  await expect(redis.get('ea:k')).rejects.toThrow()
  await server.restart()
  await eventually(async () => expect(await redis.get('ea:k')).toBeNull())
})

test('by TLS the certificate is checked, and by a socket file nothing is looked up', async () => {
  const server = keep(await startTlsRedis('~ea:* -@all +info +get +ping'))
  const { asked, lookupWithin } = lookupOf()
  const redis = await connectRedis(server.url.replace('127.0.0.1', 'localhost'), {
    ...{ onError, lookupWithin, ca: server.ca },
  })
  onTestFinished(() => redis.disconnect())
  expect(await redis.get('ea:k')).toBeNull()
  expect(asked).toEqual(['localhost'])
  await expect(
    connectRedis(server.url.replace('127.0.0.1', NAME), { onError, lookupWithin, ca: server.ca }),
  ).rejects.toThrow('cannot be reached')

  const plain = keep(await startRedis('--unixsocket', 'redis.sock'))
  const byFile = await connectRedis(`unix://${join(plain.folder, 'redis.sock')}`, { onError, lookupWithin })
  onTestFinished(() => byFile.disconnect())
  await byFile.set('ea:k', 'v')
  expect(asked).toEqual(['localhost', NAME])
})

test('the nodes of a Cluster are looked up as the caller says', async () => {
  const cluster = keep(await startCluster())
  const { asked, lookupWithin } = lookupOf()
  const url = cluster.url.replaceAll('127.0.0.1', NAME)
  const redis = await connectRedis(url, { onError, lookupWithin })
  onTestFinished(() => redis.disconnect())
  await redis.set('ea:k', 'v')
  expect(new Set(asked)).toEqual(new Set([NAME]))
})

test('Sentinels are looked up as the caller says, by those who ask them and who listen to them', async () => {
  const sentinel = keep(await startSentinel())
  // On a busy machine the Sentinels may not answer within the 5 s of a start.
  const { redis, asked, within } = await eventually(async () => {
    const { lookupWithin, ...seen } = lookupOf()
    const url = sentinel.url.replaceAll('127.0.0.1', NAME)
    return { ...seen, redis: await connectRedis(url, { onError, lookupWithin }) }
  }, 60_000)
  onTestFinished(() => redis.disconnect())
  await redis.set('ea:k', 'v')
  // The first one names the master, and then all three are listened to.
  await eventually(() => expect(asked.length).toBeGreaterThan(1))
  expect(new Set(asked)).toEqual(new Set([NAME]))
  expect(within).toEqual([1000])
})
