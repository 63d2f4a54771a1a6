import { randomBytes } from 'node:crypto'
import type { MessageRequest } from '@emailauth/contracts/messages'
import { beforeEach, expect, test } from 'vitest'
import { createMessageKeys } from '../../src/message-state/message-keys.ts'
import { stateKeyOf } from '../../src/message-state/message-name.ts'
import type { MessageRecord } from '../../src/message-state/message-record.ts'
import { createMessageStore, type MessageStore } from '../../src/message-state/message-store.ts'
import { packFields, readField, writeField } from '../message-fields.ts'
import { redisOfFile } from '../redis-of-file.ts'
import { aMessage, keyRing } from '../running-mailer.ts'

// What the key of an identity's messages holds: its fields, their sizes and how long it lives.

const redis = await redisOfFile()
let store: MessageStore
let name: MessageRequest
let expiresAtMs: number
let key: string

beforeEach(() => {
  store = createMessageStore({ redis, keys: createMessageKeys(redis), ring: keyRing, now: Date.now })
  name = aMessage()
  expiresAtMs = Date.now() + 600_000
  key = `ea:mail:{0}:m:${stateKeyOf(name.identityId)}`
})

function record(state: MessageRecord['state'], attempts = 1): MessageRecord {
  const said = { reply: '250 OK id=1a', providerId: '1a' }
  return { state, attempts, updatedAtMs: Date.now(), ...said, nextAttemptAtMs: null }
}

test('of a great many messages of one identity each keeps its state', async () => {
  // More than Lua takes in one call.
  const many = Array.from({ length: 5000 }, (_, i) => [`a:${name.identityId}#${i}`, String(i)] as const)
  await redis.set(key, packFields(many), 'PX', 60_000)
  const last = { ...name, messageId: `${name.identityId}#4999` }
  expect(await store.claim(last, expiresAtMs, false)).toEqual({ kind: 'claimed', attempt: 5000 })
  expect(await store.complete(last, record('sent'), expiresAtMs)).toBe(true)
  for (const i of [0, 499, 500, 4998]) {
    const field = await readField(redis, { ...name, messageId: `${name.identityId}#${i}` }, 'a')
    expect(String(field)).toBe(String(i))
  }
})

test('the state of a sent mail takes few bytes', async () => {
  await store.claim(name, expiresAtMs, false)
  const sent = {
    ...record('sent'),
    reply: '250 2.0.0 OK: queued as 4bXyZ12AbCdz1',
    providerId: '4bXyZ12AbCdz1',
  }
  await store.complete(name, { ...sent, relay: '127.0.0.1:2525' }, expiresAtMs)
  expect(await redis.strlen(key)).toBeLessThan(157)
})

test('no key lives for ever, whatever comes first', async () => {
  await store.drop(name.identityId)
  expect(await redis.pttl(key)).toBeGreaterThan(0)
  await redis.del(key)
  await store.complete(name, record('sent'), Date.now() - 1000)
  expect(await redis.pttl(key)).toBeGreaterThan(50_000)
  await redis.del(key)
  await store.claim(name, expiresAtMs, false)
  await store.claim({ ...name, messageId: 'earlier' }, Date.now() + 1000, false)
  expect(await redis.pttl(key)).toBeGreaterThan(600_000)
})

test('a record opens with its own additional data only', async () => {
  const stranger = aMessage()
  await store.claim(name, expiresAtMs, false)
  await store.complete(name, record('sent'), expiresAtMs)
  const sealed = await readField(redis, name, 'c')
  await writeField(redis, stranger, 'c', sealed ?? randomBytes(1))
  expect(await store.find(stranger)).toBeUndefined()
  expect(await store.claim(stranger, expiresAtMs, false)).toMatchObject({
    kind: 'completed',
    record: { state: 'sent', reply: null },
  })
})

test('ids that look like fields of ours are only ids', async () => {
  for (const messageId of ['n', 'k', 'x', '__proto__', 'l:x', 'c:', '💥 %s %d']) {
    const odd = { ...name, messageId }
    expect((await store.claim(odd, expiresAtMs, false)).kind).toBe('claimed')
    await store.complete(odd, record('sent'), expiresAtMs)
    expect(await store.findNewest(name.identityId)).toMatchObject({ messageId, state: 'sent' })
  }
})

test.each([
  ['a claim of a number that has expired', () => store.claim(name, Date.now() - 1000, false), 60_000],
  ['a claim', () => store.claim(name, Date.now() + 20_000, false), 80_000],
  ['the mark of an identity that was dropped', () => store.drop(name.identityId), 60_000],
])('%s is kept a minute longer than the number', async (_what, act, ms) => {
  await act()
  const kept = await redis.pttl(key)
  expect(kept).toBeGreaterThan(ms - 10_000)
  expect(kept).toBeLessThanOrEqual(ms + 50)
})

test('a claim lasts 5 s on the clock of Redis, and a further one as long as it is asked for', async () => {
  const leftMs = async () => {
    const [seconds, micros] = await redis.time()
    const ends = Number((await readField(redis, name, 'l'))?.toString().split(' ')[0])
    return ends - Number(seconds) * 1000 - Number(micros) / 1000
  }
  await store.claim(name, expiresAtMs, false)
  expect(await leftMs()).toBeGreaterThan(3000)
  expect(await leftMs()).toBeLessThanOrEqual(5000)
  await store.renew(name, 30_000)
  expect(await leftMs()).toBeGreaterThan(28_000)
  expect(await leftMs()).toBeLessThanOrEqual(30_000)
})
