import { connectRedis, type RedisConnection } from '@emailauth/redis/connection/connect'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { commandsOfRules, documentedCommands } from '@emailauth/testing/rule-commands'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LEASE_MS } from '../../src/message-state/leases.ts'
import { createMessageIndex } from '../../src/message-state/message-index.ts'
import { createMessageKeys } from '../../src/message-state/message-keys.ts'
import type { MessageRecord } from '../../src/message-state/message-record.ts'
import { createMessageStore } from '../../src/message-state/message-store.ts'
import { aMessage, keyRing } from '../running-mailer.ts'

let server: TestRedis
let redis: RedisConnection
let opener: Redis
let monitor: Redis
beforeAll(async () => {
  server = await startRedis()
  redis = await connectRedis(server.url, { onError: () => {} })
  opener = new Redis(server.url)
  monitor = await opener.monitor()
})
afterAll(async () => {
  monitor?.disconnect()
  opener?.disconnect()
  redis?.disconnect()
  await server?.stop()
})

const record = (state: MessageRecord['state']): MessageRecord => ({
  ...{ state, attempts: 1, updatedAtMs: Date.now(), reply: '250 OK', nextAttemptAtMs: null },
})

test('each rule of messages sends Redis the commands that docs/performance/commands.md lists', async () => {
  const keys = createMessageKeys(redis)
  const store = createMessageStore({ redis, keys, ring: keyRing, now: Date.now })
  const index = createMessageIndex(redis, keys, Date.now)
  const expiresAtMs = Date.now() + 600_000
  const [sent, deferred] = [aMessage(), aMessage()]
  const calls: Record<string, () => Promise<unknown>> = {
    'claim of a new message': () => store.claim(sent, expiresAtMs, false),
    'copy of a message under way': () => store.keep(sent),
    'renewal of a claim': () => store.renew(sent, LEASE_MS),
    'outcome: sent': () => store.complete(sent, record('sent'), expiresAtMs),
    'claim of a sent message': () => store.claim(sent, expiresAtMs, false),
    'state of a message': () => store.find(sent),
    bounce: () => store.bounce(sent, record('bounced')),
    'move to another list': () => index.reached(sent, 'bounced'),
    'search for orphans, none': () => index.orphans(10),
    'claim of another message': () => store.claim(deferred, expiresAtMs, false),
    'outcome: deferred': () => store.complete(deferred, record('deferred'), expiresAtMs),
    'drop of a waiting message': () => store.drop(deferred.identityId),
  }
  const found: Record<string, string> = {}
  for (const [call, work] of Object.entries(calls)) {
    found[call] = await commandsOfRules(monitor, redis, 'ea:mail:{', work)
  }
  expect(found['claim of another message']).toBe(found['claim of a new message'])
  const { 'claim of another message': _again, ...listed } = found
  expect(await documentedCommands('mailer')).toEqual(listed)
})
