import { sealSalted } from '@emailauth/secrets/seal'
import { beforeEach, expect, test } from 'vitest'
import { LEASE_MS } from '../../src/message-state/leases.ts'
import { createMessageIndex, type MessageIndex } from '../../src/message-state/message-index.ts'
import { createMessageKeys } from '../../src/message-state/message-keys.ts'
import { digestOf, type MessageName, stateKeyOf } from '../../src/message-state/message-name.ts'
import type { MessageRecord } from '../../src/message-state/message-record.ts'
import { createMessageStore, type MessageStore } from '../../src/message-state/message-store.ts'
import { packFields } from '../message-fields.ts'
import { redisOfFile } from '../redis-of-file.ts'
import { aMessage, keyRing } from '../running-mailer.ts'

const redis = await redisOfFile()
let index: MessageIndex
let store: MessageStore
let nowMs: number
beforeEach(() => {
  nowMs = Date.now()
  const keys = createMessageKeys(redis)
  index = createMessageIndex(redis, keys, () => nowMs)
  store = createMessageStore({ redis, keys, ring: keyRing, now: () => nowMs })
})

const name = (i: number) => ({ identityId: `demo.${i}`, messageId: `m ${i}` })

const claim = (named: MessageName, retry = false) => store.claim(aMessage(named), nowMs + 60_000, retry)
const keep = (named: MessageName) => store.keep(aMessage(named))
const complete = (named: MessageName, state: MessageRecord['state']) =>
  store.complete(
    aMessage(named),
    { state, attempts: 1, updatedAtMs: nowMs, reply: null, nextAttemptAtMs: null },
    nowMs,
  )
test('pages come latest first, without gaps and doubles, also within one millisecond', async () => {
  for (let i = 0; i < 30; i++) {
    if (i % 10 === 0) nowMs++
    await index.reached(name(i), 'sent')
  }
  const seen: string[] = []
  let after: string | undefined
  do {
    const page = await index.page('sent', { first: 7, after })
    seen.push(...page.names.map(({ messageId }) => messageId))
    after = page.next ?? undefined
  } while (after !== undefined)
  expect(new Set(seen).size).toBe(30)
  expect(seen).toHaveLength(30)
  expect(seen.slice(0, 10).every((id) => Number(id.slice(2)) >= 20)).toBe(true)
})

test('a message stands in one list only, and a cursor that is none is an empty page', async () => {
  await claim(name(1))
  await keep(name(1))
  expect((await index.page('queued', { first: 10, after: undefined })).names).toEqual([name(1)])
  await complete(name(1), 'deferred')
  expect((await index.page('queued', { first: 10, after: undefined })).names).toEqual([])
  expect((await index.page('deferred', { first: 10, after: undefined })).names).toEqual([name(1)])
  await claim(name(1), true)
  await complete(name(1), 'sent')
  expect((await index.page('queued', { first: 10, after: undefined })).names).toEqual([])
  expect((await index.page('deferred', { first: 10, after: undefined })).names).toEqual([])
  expect((await index.page('sent', { first: 10, after: undefined })).names).toEqual([name(1)])
  expect(await index.page('sent', { first: 10, after: 'garbage' })).toEqual({
    names: [],
    cursors: [],
    next: null,
  })
  await store.rest()
  expect(await index.isIdle()).toBe(true)
})

test('a mailer is busy until it says that it rests, or its latest lease ends', async () => {
  await claim(name(1))
  await complete(name(1), 'sent')
  expect(await index.isIdle()).toBe(false)
  nowMs += 5001
  expect(await index.isIdle()).toBe(true)
  await claim(name(2))
  await store.renew(name(2), 60_000)
  await claim(name(3))
  nowMs += 59_999
  expect(await index.isIdle()).toBe(false)
  await store.rest()
  expect(await index.isIdle()).toBe(true)
})

test('an orphan is found when its lease is over, and given to one only; one without a copy is none', async () => {
  await Promise.all([claim(name(1)), claim(name(2))])
  expect(await keep(name(1))).toBe(true)
  expect(await index.orphans(10)).toEqual([])
  expect(await index.isIdle()).toBe(false)
  nowMs += 5001
  const found = await Promise.all(Array.from({ length: 10 }, () => index.orphans(10)))
  expect(found.flat()).toEqual([name(1)])
  nowMs += 5001
  expect(await index.orphans(10)).toEqual([name(1)])
  await index.forget(name(1))
  nowMs += 5001
  expect(await index.orphans(10)).toEqual([])
})

test('a lease that is renewed leaves no orphan; one that somebody else has by now is not renewed', async () => {
  await claim(name(1))
  await keep(name(1))
  nowMs += 4000
  await store.renew(name(1), LEASE_MS)
  nowMs += 4000
  expect(await index.orphans(10)).toEqual([])
  const stranger = createMessageStore({
    redis,
    keys: createMessageKeys(redis),
    ring: keyRing,
    now: () => nowMs + 60_000,
  })
  await stranger.renew(name(1), LEASE_MS)
  nowMs += 4000
  expect(await index.orphans(10)).toEqual([name(1)])
})

test('a message completed by a mailer taken for dead is no orphan any more', async () => {
  await claim(name(1))
  await complete(name(1), 'sent')
  await redis.zadd('ea:mail:{0}:under-way', nowMs, 'demo.1 m 1')
  await claim(name(1), true)
  await store.rest()
  expect(await index.isIdle()).toBe(true)
})

test('a name is found by its digest when its mail was sent', async () => {
  await Promise.all([claim(name(1)), claim(name(2))])
  await Promise.all([complete(name(1), 'sent'), complete(name(2), 'deferred')])
  expect(await index.byDigest(digestOf(name(1)))).toEqual(name(1))
  expect(await index.byDigest(digestOf(name(2)))).toBeUndefined()
  const ofRegister = { identityId: 'demo.3', messageId: 'demo.3' }
  await claim(ofRegister)
  await complete(ofRegister, 'sent')
  expect(await index.byDigest(digestOf(ofRegister))).toEqual(ofRegister)
  for (const key of await redis.keys('*')) expect(await redis.pttl(key)).toBeGreaterThan(0)
})

test('a state that a version before has written is found and read, and changed', async () => {
  const sent = { identityId: 'demo.AAECAwQFBgcICQoLDA0ODxA', messageId: 'demo.AAECAwQFBgcICQoLDA0ODxA' }
  const salt = Buffer.from(digestOf(sent), 'base64url').subarray(0, 16)
  const context = {
    purpose: 'message',
    additionalData: `message ${sent.identityId} ${sent.messageId}`,
  } as const
  const json = JSON.stringify(['s', 1, 'rs', '250 OK id 7a', 'smtp.example:25', [10, 2]])
  const fields = [
    ['c:', sealSalted(keyRing, context, salt, Buffer.from(json)).toString('latin1')],
    ['i', sent.identityId],
  ] as const
  await redis.set(`ea:mail:{0}:m:${stateKeyOf(sent.identityId)}`, packFields(fields), 'PX', 60_000)
  expect(await index.byDigest(digestOf(sent))).toEqual(sent)
  const record = { state: 'sent', attempts: 1, updatedAtMs: 1000, providerId: '7a' } as const
  expect(await claim(sent)).toMatchObject({ kind: 'completed', record })
  await store.drop(sent.identityId)
  expect(await store.findNewest(sent.identityId)).toMatchObject({ ...sent, ...record })
})

test('a sent mail of a register takes 61 bytes besides its reply and its relay', async () => {
  const identityId = 'demo.AAECAwQFBgcICQoLDA0ODxA'
  await claim({ identityId, messageId: identityId })
  await complete({ identityId, messageId: identityId }, 'sent')
  const name = 2 + 'demo'.length + 17
  expect(await redis.strlen(`ea:mail:{0}:m:${stateKeyOf(identityId)}`)).toBe(2 + name + 26 + 10)
})
