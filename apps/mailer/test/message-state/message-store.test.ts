import type { MessageRequest } from '@emailauth/contracts/messages'
import { beforeEach, expect, test } from 'vitest'
import { AT_DOT_LEASE_MS } from '../../src/message-state/leases.ts'
import { createMessageKeys } from '../../src/message-state/message-keys.ts'
import type { MessageRecord } from '../../src/message-state/message-record.ts'
import { createMessageStore, type MessageStore } from '../../src/message-state/message-store.ts'
import { readField, writeField } from '../message-fields.ts'
import { redisOfFile } from '../redis-of-file.ts'
import { aMessage, keyRing } from '../running-mailer.ts'

const redis = await redisOfFile()
let store: MessageStore
let other: MessageStore
let name: MessageRequest
let expiresAtMs: number

beforeEach(() => {
  store = createMessageStore({ redis, keys: createMessageKeys(redis), ring: keyRing, now: Date.now })
  other = createMessageStore({ redis, keys: createMessageKeys(redis), ring: keyRing, now: Date.now })
  name = aMessage()
  expiresAtMs = Date.now() + 600_000
})

function record(state: MessageRecord['state'], attempts = 1): MessageRecord {
  const said = { reply: '250 OK id=1a', providerId: '1a' }
  return { state, attempts, updatedAtMs: Date.now(), ...said, nextAttemptAtMs: null }
}

/** Ends the lease, as if the mailer that holds the claim had died long ago. */
async function endLease() {
  await writeField(redis, name, 'l', `${Date.now() - 1} dead-mailer`)
}

test('of many claims one wins; the others get the number of the running attempt', async () => {
  const claims = await Promise.all(
    Array.from({ length: 50 }, (_, i) => (i % 2 ? store : other).claim(name, expiresAtMs, false)),
  )
  expect(claims.filter(({ kind }) => kind === 'claimed')).toEqual([{ kind: 'claimed', attempt: 1 }])
  expect(claims.filter(({ kind }) => kind === 'taken')).toHaveLength(49)
  expect(await store.find(name)).toMatchObject({ state: 'queued', attempts: 1 })
})

test.each([-3_600_000, 3_600_000])(
  'a mailer whose clock is %i ms off gets no claim that another holds, and keeps its own',
  async (offMs) => {
    const off = createMessageStore({
      redis,
      keys: createMessageKeys(redis),
      ring: keyRing,
      now: () => Date.now() + offMs,
    })
    await store.claim(name, expiresAtMs, false)
    expect(await off.claim(name, expiresAtMs, true)).toEqual({ kind: 'taken', attempt: 1 })
    expect(await off.renew(name, AT_DOT_LEASE_MS)).toBe(false)
    const its = aMessage()
    await off.claim(its, expiresAtMs, false)
    expect(await store.claim(its, expiresAtMs, true)).toEqual({ kind: 'taken', attempt: 1 })
    expect(await off.renew(its, AT_DOT_LEASE_MS)).toBe(true)
    expect(await store.claim(its, expiresAtMs, true)).toEqual({ kind: 'taken', attempt: 1 })
  },
)

test('a message under way was changed when its lease was taken or renewed, not later', async () => {
  const before = Date.now()
  await store.claim(name, expiresAtMs, false)
  expect((await store.find(name))?.updatedAtMs).toBeGreaterThanOrEqual(before)
  expect((await store.find(name))?.updatedAtMs).toBeLessThanOrEqual(Date.now())
  await store.renew(name, AT_DOT_LEASE_MS)
  expect((await store.find(name))?.updatedAtMs).toBeGreaterThanOrEqual(before)
  expect((await store.find(name))?.updatedAtMs).toBeLessThanOrEqual(Date.now())
})

test('a completed message stays: later claims and records change nothing', async () => {
  await store.claim(name, expiresAtMs, false)
  const sent = { ...record('sent'), relay: 'smtp.example:25' }
  expect(await store.complete(name, sent, expiresAtMs)).toBe(true)
  expect(await other.claim(name, expiresAtMs, false)).toEqual({ kind: 'completed', record: sent })
  expect(await other.complete(name, record('rejected'), expiresAtMs)).toBe(false)
  await store.drop(name.identityId)
  expect(await other.findNewest(name.identityId)).toEqual({
    ...sent,
    identityId: name.identityId,
    messageId: name.messageId,
  })
})

test('a deferral whose lease is over is recorded only if a copy is kept: nothing else showed it as under way', async () => {
  const kept = aMessage()
  for (const one of [name, kept]) await store.claim(one, expiresAtMs, false)
  await store.keep(kept)
  for (const one of [name, kept]) {
    const [, owner] = (await readField(redis, one, 'l'))?.toString().split(' ') ?? []
    await writeField(redis, one, 'l', `${Date.now() - 1} ${owner}`)
  }
  expect(await store.complete(name, record('deferred'), expiresAtMs)).toBe(false)
  expect(await store.find(name)).toBeUndefined()
  expect(await store.complete(kept, record('deferred'), expiresAtMs)).toBe(true)
})

test.each(['sent', 'rejected', 'deferred'] as const)(
  'a full Redis takes a new message, the renewal of its claim, and how it ended: %s',
  async (state) => {
    const names = [name, aMessage()]
    await redis.config('SET', 'maxmemory', '1mb')
    try {
      await expect(redis.set('any', '', 'PX', 1000)).rejects.toThrow('OOM')
      const claims = await Promise.all(names.map((one) => store.claim(one, expiresAtMs, false)))
      expect(claims).toEqual(names.map(() => ({ kind: 'claimed', attempt: 1 })))
      expect(await other.claim(name, expiresAtMs, false)).toEqual({ kind: 'taken', attempt: 1 })
      expect(await store.renew(name, AT_DOT_LEASE_MS)).toBe(true)
      const completed = names.map((one) => store.complete(one, record(state), expiresAtMs))
      expect(await Promise.all(completed)).toEqual([true, true])
    } finally {
      await redis.config('SET', 'maxmemory', '0')
    }
    expect(await store.find(name)).toMatchObject({ state })
  },
)

test('a deferred message can be claimed again', async () => {
  await store.claim(name, expiresAtMs, false)
  await store.complete(name, record('deferred'), expiresAtMs)
  expect(await other.find(name)).toMatchObject({ state: 'deferred', attempts: 1 })
  expect((await other.claim(name, expiresAtMs, false)).kind).toBe('deferred')
  expect(await other.request(name)).toEqual(name)
  expect(await other.claim(name, expiresAtMs, true)).toEqual({ kind: 'claimed', attempt: 2 })
})

test('a copy is kept of a message that is under way, by whomever, and with a deferral', async () => {
  expect(await store.keep(name)).toBe(false)
  await store.claim(name, expiresAtMs, false)
  expect(await store.request(name)).toBeUndefined()
  expect(await Promise.all([store.keep(name), other.keep(name)])).toEqual([true, true])
  expect(await other.request(name)).toEqual(name)
  await store.complete(name, record('sent'), expiresAtMs)
  expect(await store.request(name)).toBeUndefined()
  expect(await store.keep(name)).toBe(false)
  const [dropped, deferred] = [aMessage(), aMessage()]
  for (const one of [dropped, deferred]) await store.claim(one, expiresAtMs, false)
  await store.drop(dropped.identityId)
  expect(await store.keep(dropped)).toBe(false)
  for (const one of [dropped, deferred]) await store.complete(one, record('deferred'), expiresAtMs)
  expect(await other.request(dropped)).toBeUndefined()
  expect(await other.request(deferred)).toEqual(deferred)
})

test('what a dead mailer had under way is unknown without a copy, and waits with one', async () => {
  const kept = aMessage()
  for (const one of [name, kept]) await store.claim(one, expiresAtMs, false)
  await store.keep(kept)
  for (const one of [name, kept]) await writeField(redis, one, 'l', `${Date.now() - 1} dead-mailer`)
  expect(await other.find(name)).toBeUndefined()
  expect(await other.find(kept)).toMatchObject({ state: 'deferred', attempts: 1, nextAttemptAtMs: null })
})

test('the claim of a dead mailer passes to the next; its late outcome counts only if the mail went out', async () => {
  await store.claim(name, expiresAtMs, false)
  await endLease()
  expect(await other.claim(name, expiresAtMs, false)).toEqual({ kind: 'claimed', attempt: 2 })
  expect(await store.complete(name, record('deferred'), expiresAtMs)).toBe(false)
  expect(await store.claim(name, expiresAtMs, false)).toEqual({ kind: 'taken', attempt: 2 })
  expect(await store.complete(name, record('sent'), expiresAtMs)).toBe(true)
  expect(await other.complete(name, record('deferred', 2), expiresAtMs)).toBe(false)
  expect(await other.find(name)).toMatchObject({ state: 'sent', attempts: 1 })
})

test('messages of one identity are each their own; the newest is the one claimed last', async () => {
  const second = { ...name, messageId: `${name.messageId}#2` }
  await store.claim(name, expiresAtMs, false)
  await store.complete(name, record('sent'), expiresAtMs)
  expect((await store.claim(second, expiresAtMs, false)).kind).toBe('claimed')
  expect(await store.findNewest(name.identityId)).toMatchObject({
    messageId: second.messageId,
    state: 'queued',
  })
  expect(await store.find(name)).toMatchObject({ state: 'sent' })
})

test('claims and records of one moment each get their own answer', async () => {
  const [sent, deferred, dropped, taken] = [name, aMessage(), aMessage(), aMessage()]
  await store.drop(dropped.identityId)
  await other.claim(taken, expiresAtMs, false)
  const kinds = await Promise.all(
    [sent, deferred, dropped, taken, sent].map((one) => store.claim(one, expiresAtMs, false)),
  )
  expect(kinds.map(({ kind }) => kind)).toEqual(['claimed', 'claimed', 'dropped', 'taken', 'taken'])
  const completed = await Promise.all([
    store.complete(sent, record('sent'), expiresAtMs),
    store.complete(deferred, record('deferred'), expiresAtMs),
    store.complete(taken, record('deferred'), expiresAtMs),
    store.complete(sent, record('rejected'), expiresAtMs),
  ])
  expect(completed).toEqual([true, true, false, false])
  expect(await redis.exists('ea:mail:{0}:under-way')).toBe(0)
})
