import type { Message } from '@emailauth/contracts/messages'
import { eventually } from '@emailauth/testing/eventually'
import type { TestSmtp } from '@emailauth/testing/smtp'
import { expect, test } from 'vitest'
import { freshMailerForEachTest } from '../fresh-mailer.ts'
import { aMessage, type RunningMailer } from '../running-mailer.ts'

let smtp: TestSmtp
let mailer: RunningMailer
freshMailerForEachTest((fresh) => {
  ;({ smtp, mailer } = fresh)
})

const idOf = (tenantId: string) => aMessage().identityId.replace('demo.', `${tenantId}.`)
const sendFor = (tenantId: string, email = 'ada@example.com') =>
  mailer.send(aMessage({ tenantId, identityId: idOf(tenantId), email }))
const page = async (query: string) =>
  (await mailer.get(`/v1/messages?${query}`)).json() as { messages: Message[]; nextAfter: string | null }

test("pages of one tenant's messages hold no other's, and none is missing", async () => {
  const tenants = ['shop', 'shop-2', 'shop', 'other'] as const
  await Promise.all(Array.from({ length: 60 }, (_, i) => sendFor(tenants[i % 4] ?? 'shop')))
  await eventually(async () => expect((await page('state=sent&first=200')).messages).toHaveLength(60))
  const seen: string[] = []
  let after = ''
  do {
    const { messages, nextAfter } = await page(`state=sent&tenantId=shop&first=7${after}`)
    expect(messages.length).toBeLessThanOrEqual(7)
    seen.push(...messages.map(({ identityId }) => identityId))
    after = nextAfter === null ? '' : `&after=${nextAfter}`
  } while (after !== '')
  expect(new Set(seen).size).toBe(30)
  expect(seen).toHaveLength(30)
  expect(seen.every((id) => id.startsWith('shop.'))).toBe(true)
  expect(await page('state=sent&tenantId=nobody')).toEqual({ messages: [], cursors: [], nextAfter: null })
})

test('a cursor has at most 16 digits of time', async () => {
  await sendFor('shop')
  const messagesAfter = async (time: string) => {
    const cursor = Buffer.from(`${time} x`).toString('base64url')
    return (await page(`state=sent&tenantId=shop&after=${cursor}`)).messages
  }
  await eventually(async () => expect(await messagesAfter('9'.repeat(16))).toHaveLength(1))
  expect(await messagesAfter('9'.repeat(17))).toEqual([])
})

test('a tenant with few messages is found among many of another', async () => {
  await sendFor('quiet')
  const members = Array.from({ length: 1500 }, (_, i) => [Date.now() + i, `busy.${i} m${i}`]).flat()
  await mailer.redis.zadd('ea:mail:{0}:state:sent', ...members)
  expect((await page('state=sent&tenantId=quiet')).messages).toHaveLength(1)
})

test('a list keeps the last 10,000 messages of a state, for a day after its last change', async () => {
  const list = 'ea:mail:{0}:state:sent'
  const members = Array.from({ length: 10_050 }, (_, i) => [i + 1, `busy.${i} m${i}`]).flat()
  await mailer.redis.zadd(list, ...members)
  await sendFor('quiet')
  await eventually(async () =>
    expect((await page('state=sent&tenantId=quiet&first=1')).messages).toHaveLength(1),
  )
  expect(await mailer.redis.zcard(list)).toBe(10_000)
  const keptMs = await mailer.redis.pttl(list)
  expect(keptMs).toBeGreaterThan(86_000_000)
  expect(keptMs).toBeLessThanOrEqual(86_400_000)
})

test('messages in a state can be asked for by their reason, in pages that may be empty', async () => {
  smtp.script.rcptTo = (address) => {
    if (address.startsWith('full')) return { code: 552, text: '5.2.2 Mailbox full' }
    return address.startsWith('late') ? { code: 451, text: '4.7.1 Greylisted' } : undefined
  }
  const emails = ['full@example.com', 'late@example.com', 'full-2@example.com', 'ada@example.com']
  const replies = await Promise.all(emails.map((email) => sendFor('shop', email)))
  const reasonOf = Object.fromEntries(replies.map((reply, at) => [emails[at], reply.json().reason]))
  expect(reasonOf).toEqual({
    'full@example.com': 'mailbox-full',
    'full-2@example.com': 'mailbox-full',
    'late@example.com': 'temporary',
    'ada@example.com': undefined,
  })
  await eventually(async () => expect((await page('state=deferred')).messages).toHaveLength(3))
  for (const [reason, count] of [
    ['mailbox-full', 2],
    ['temporary', 1],
    ['blocked', 0],
  ] as const) {
    const { messages, nextAfter } = await page(`state=deferred&reason=${reason}`)
    expect([messages.length, nextAfter]).toEqual([count, null])
    expect(messages.every((message) => message.reason === reason)).toBe(true)
  }
  expect((await mailer.get('/v1/messages?state=deferred&reason=bad+luck')).statusCode).toBe(400)
})

test('counts are those of one tenant: a bounced mail counts once, and none older than a day', async () => {
  smtp.script.rcptTo = (address) => (address.startsWith('no') ? { code: 550, text: '5.1.1 no' } : undefined)
  await Promise.all([sendFor('shop'), sendFor('shop'), sendFor('shop', 'no@example.com'), sendFor('other')])
  const old = Date.now() - 25 * 3_600_000
  await mailer.redis.zadd('ea:mail:{0}:state:sent', old, 'shop.old m')
  const [first] = await eventually(async () => {
    const { messages } = await page('state=sent&tenantId=shop')
    expect(messages).toHaveLength(2)
    return messages
  })
  await mailer.redis.zadd('ea:mail:{0}:state:bounced', Date.now(), first?.identityId ?? '')
  const counts = async (tenantId: string) =>
    (await mailer.get(`/v1/messages/counts?tenantId=${tenantId}`)).json().counts
  const none = { queued: 0, deferred: 0, sent: 0, bounced: 0, rejected: 0, expired: 0, dropped: 0 }
  await eventually(async () => expect(await counts('shop')).toHaveProperty('rejected', 1))
  expect(await counts('shop')).toEqual({ ...none, sent: 1, bounced: 1, rejected: 1 })
  expect(await counts('sho')).toEqual(none)
  expect((await mailer.get('/v1/messages/counts?tenantId=*')).statusCode).toBe(400)
})

test('of a tenant that was deleted no list has a message, and what waited is not sent', async () => {
  smtp.script.rcptTo = (address) =>
    address.startsWith('late') ? { code: 451, text: '4.7.1 Greylisted' } : undefined
  for (const tenantId of ['shop', 'shop-2'])
    for (const email of ['ada@example.com', 'late@example.com']) await sendFor(tenantId, email)
  const listed = async (tenantId: string) =>
    Promise.all(
      ['sent', 'deferred'].map(
        async (state) => (await page(`state=${state}&tenantId=${tenantId}`)).messages.length,
      ),
    )
  await eventually(async () =>
    expect([await listed('shop'), await listed('shop-2')]).toEqual([
      [1, 1],
      [1, 1],
    ]),
  )
  const [waiting] = (await page('state=deferred&tenantId=shop')).messages
  const reply = await mailer.delete('/v1/tenants/shop/suppressions')
  expect(reply.statusCode).toBe(204)
  expect([await listed('shop'), await listed('shop-2')]).toEqual([
    [0, 0],
    [1, 1],
  ])
  const { messages } = (await mailer.get(`/v1/messages?ids=${waiting?.identityId}`)).json()
  expect(messages.map(({ state }: Message) => state)).not.toContain('deferred')
})
