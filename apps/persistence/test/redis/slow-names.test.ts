import { setTimeout as wait } from 'node:timers/promises'
import { connectRedis } from '@emailauth/redis/connection/connect'
import { createKnownNames } from '@emailauth/service/config/known-names'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import { expect, onTestFinished, test } from 'vitest'

const HERE = [{ address: '127.0.0.1', family: 4 }]

test('a start takes a name server that needs more than a second', async () => {
  const server = keep(await startRedis())
  const { lookupWithin } = createKnownNames({ ask: () => wait(1200, HERE) })
  const redis = await connectRedis(`redis://redis.internal:${server.port}`, {
    onError: () => {},
    lookupWithin,
  })
  onTestFinished(() => redis.disconnect())
  expect(await redis.ping()).toBe('PONG')
})

test('a start says that name servers are silent', async () => {
  const said: string[] = []
  const { lookupWithin } = createKnownNames({ ask: () => new Promise(() => {}) })
  const onError = ({ message }: Error) => void said.push(message)
  await expect(connectRedis('redis://redis.internal', { onError, lookupWithin })).rejects.toThrow()
  expect(said).toContain('the name servers do not answer for redis.internal')
})
