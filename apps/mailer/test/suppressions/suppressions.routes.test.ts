import { suppressionAddReply, suppressionList } from '@emailauth/contracts/suppressions'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { expect, test } from 'vitest'
import { entriesOf, goneOf, orderOf } from '../../src/suppressions/suppressed-address.ts'
import { createSuppressions } from '../../src/suppressions/suppression-store.ts'
import { freshMailerForEachTest } from '../fresh-mailer.ts'
import { dumpRedis } from '../redis-dump.ts'
import { aMessage, type RunningMailer } from '../running-mailer.ts'

let mailer: RunningMailer
freshMailerForEachTest((fresh) => {
  mailer = fresh.mailer
})

const add = async (addresses: object[], tenantId = 'demo') => {
  const reply = await mailer.post('/v1/suppressions', { tenantId, addresses })
  return reply.statusCode === 200 ? suppressionAddReply.parse(reply.json()) : reply.json()
}
const page = async (query = '') =>
  suppressionList.parse((await mailer.get(`/v1/suppressions?tenantId=demo${query}`)).json())
/** All pages, with what is done between two of them. */
async function walk(first: number, between: () => Promise<unknown> = async () => {}) {
  const met: string[] = []
  for (let after = ''; ; ) {
    const { suppressions, nextAfter } = await page(`&first=${first}${after}`)
    met.push(...suppressions.map(({ email }) => email))
    if (nextAfter === null) return met
    after = `&after=${nextAfter}`
    await between()
  }
}

test('an address that is added gets no mail, in whatever form it is given; adding it again changes nothing', async () => {
  const addresses = [
    { email: '"Gone Away" <Gone@Bücher.example>', reason: ' 550\r\n5.1.1\u0000 unknown ' },
    { email: 'rfc822;ada@example.com', suppressedAt: '2026-01-02T03:04:05.000Z' },
    { email: 'later@example.com', suppressedAt: '2999-01-01T00:00:00.000Z' },
  ]
  expect(await add(addresses)).toEqual({ added: 3, known: 0, refused: [] })
  expect(await add([...addresses, { email: 'ADA@example.com', reason: 'another' }])).toEqual({
    added: 0,
    known: 4,
    refused: [],
  })
  const { suppressions } = await page()
  expect(suppressions).toMatchObject([
    { reason: expect.anything() },
    { reason: expect.anything() },
    { email: 'ada@example.com', reason: 'added by an admin', suppressedAt: '2026-01-02T03:04:05.000Z' },
  ])
  expect(suppressions).toContainEqual({
    email: 'Gone@xn--bcher-kva.example',
    reason: '550 5.1.1 unknown',
    suppressedAt: expect.any(String),
  })
  for (const { suppressedAt } of suppressions)
    expect(Date.parse(suppressedAt)).toBeLessThanOrEqual(Date.now())
  expect((await mailer.send(aMessage({ email: 'gone@xn--bcher-kva.example' }))).statusCode).toBe(422)
  expect((await mailer.send(aMessage({ email: 'ada@example.com', tenantId: 'other' }))).statusCode).toBe(200)
  expect(await dumpRedis(mailer.redis)).not.toMatch(/gone@|ada@|5\.1\.1/i)
  const cleared = await mailer.delete(
    `/v1/suppressions?tenantId=demo&email=${encodeURIComponent('<gone@BÜCHER.example>')}`,
  )
  expect(cleared.statusCode).toBe(204)
  expect((await mailer.send(aMessage({ email: 'gone@xn--bcher-kva.example' }))).statusCode).toBe(200)
})

test('what is no address is reported with its position; the others are added, one that stands there twice once', async () => {
  const given = ['a@example.com', 'no address', '', 'A@example.com', 'a@b\r\nc@d.example']
  expect(await add(given.map((email) => ({ email })))).toEqual({
    added: 1,
    known: 1,
    refused: [1, 2, 4].map((index) => ({ index, detail: 'This is no email address.' })),
  })
})

test.each([
  ['none', []],
  ['501', Array.from({ length: 501 }, (_, i) => ({ email: `a${i}@example.com` }))],
  ['a reason of 1,001 characters', [{ email: 'a@example.com', reason: 'x'.repeat(1001) }]],
  ['a time that is none', [{ email: 'a@example.com', suppressedAt: 'yesterday' }]],
  ['another type', [{ email: 7 }]],
])('%s is bad input', async (_what, addresses) => {
  expect(await add(addresses)).toMatchObject({ code: 'bad-input' })
  expect((await page()).suppressions).toEqual([])
})

test('500 in a call; of a reason 300 characters are kept', async () => {
  const addresses = Array.from({ length: 500 }, (_, i) => ({
    email: `a${i}@example.com`,
    reason: 'x'.repeat(900),
  }))
  expect(await add(addresses)).toMatchObject({ added: 500 })
  expect((await page()).suppressions[0]?.reason).toHaveLength(300)
  expect(new Set(await walk(7)).size).toBe(500)
})

test("admins' addresses are never suppressed", async () => {
  expect(await add([{ email: 'root@example.com' }], 'admin')).toMatchObject({
    code: 'bad-input',
    field: 'tenantId',
  })
  const sent = await mailer.send(aMessage({ email: 'root@example.com', tenantId: 'admin' }))
  expect(sent.json()).toMatchObject({ state: 'sent' })
})

test('a list keeps 50,000: one that is full takes no more, and says so; what is known is known', async () => {
  const fields = Array.from({ length: 49_999 }, (_, i) => `f${i}`)
  for (let at = 0; at < fields.length; at += 5000) {
    const some = fields.slice(at, at + 5000)
    await mailer.redis.hset(entriesOf('demo'), Object.fromEntries(some.map((field) => [field, 'x'])))
    await mailer.redis.zadd(orderOf('demo'), ...some.flatMap((field, i) => [at + i, field]))
  }
  expect(await add([{ email: 'a@example.com' }, { email: 'b@example.com' }])).toEqual({
    added: 1,
    known: 0,
    refused: [{ index: 1, detail: 'The list has its most entries; clear some first.' }],
  })
  expect(await add([{ email: 'a@example.com' }])).toMatchObject({ known: 1, refused: [] })
})

test('the list lives for 400 days after its last change', async () => {
  await add([{ email: 'a@example.com' }])
  for (const key of [entriesOf('demo'), orderOf('demo')]) {
    expect((await mailer.redis.pttl(key)) / 86_400_000).toBeCloseTo(400, 2)
    await mailer.redis.pexpire(key, 1000)
  }
  await add([{ email: 'a@example.com' }])
  for (const key of [entriesOf('demo'), orderOf('demo')])
    expect(await mailer.redis.pttl(key)).toBeGreaterThan(1000)
})

test('while the list changes, who reads all its pages misses nobody who stays', async () => {
  const stay = Array.from({ length: 60 }, (_, i) => `stay-${i}@example.com`)
  // Most at one moment, as an import puts them there.
  await add(stay.slice(0, 50).map((email) => ({ email, suppressedAt: '2026-01-01T00:00:00.000Z' })))
  await add(stay.slice(50).map((email) => ({ email })))
  await add(Array.from({ length: 9 }, (_, i) => ({ email: `go-${i}@example.com` })))
  let round = 0
  const met = await walk(5, async () => {
    await mailer.delete(`/v1/suppressions?tenantId=demo&email=go-${round}@example.com`)
    await add([{ email: `new-${round}@example.com` }])
    // The last address that was met goes, or comes back to the head.
    const last = (await page('&first=1')).suppressions[0]?.email ?? ''
    if (round++ % 2 === 0) await mailer.delete(`/v1/suppressions?tenantId=demo&email=${last}`)
  })
  expect(met).toEqual(expect.arrayContaining(stay))
  const longest = `9999999999999999-${'a'.repeat(100)}`
  expect((await page(`&after=${longest}`)).suppressions).not.toEqual([])
  for (const wrong of ['x', '1-', '-a', `9${longest}`, `${longest}a`])
    expect((await page(`&after=${wrong}`)).suppressions).toEqual([])
})

test('the last one of a page goes, or moves to the head: its moment is read again, and the rest follows', async () => {
  const at = '2026-01-01T00:00:00.000Z'
  await add(['a', 'b', 'c', 'd'].map((one) => ({ email: `${one}@example.com`, suppressedAt: at })))
  const first = await page('&first=2')
  const [, last] = first.suppressions
  await mailer.delete(`/v1/suppressions?tenantId=demo&email=${last?.email}`)
  const rest = await page(`&first=10&after=${first.nextAfter}`)
  expect(rest.suppressions).toHaveLength(3)
})

test('an address that an older key suppressed is known', async () => {
  const [old, next] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  const entry = { email: 'a@example.com', reason: 'r', suppressedAtMs: 1 }
  const before = createSuppressions(mailer.redis, createKeyRing([old]), Date.now)
  expect(await before.addNew('demo', [entry])).toEqual(['added'])
  const after = createSuppressions(mailer.redis, createKeyRing([next, old]), Date.now)
  expect(await after.addNew('demo', [entry, { ...entry, email: 'b@example.com' }])).toEqual([
    'known',
    'added',
  ])
})

test('the addresses of a tenant that is deleted are forgotten, and those of others are not', async () => {
  const addresses = [{ email: 'ada@example.com' }, { email: 'bob@example.com' }]
  await add(addresses, 'doomed')
  await add(addresses)
  expect((await mailer.delete('/v1/tenants/doomed/suppressions')).statusCode).toBe(204)
  expect((await mailer.delete('/v1/tenants/doomed/suppressions')).statusCode).toBe(204)
  expect(await mailer.redis.exists(entriesOf('doomed'), orderOf('doomed'))).toBe(0)
  expect((await page()).suppressions).toHaveLength(2)
})

test('a tenant made again under its id gets the bounces of its own mails, not those of the one before', async () => {
  const deletedAtMs = 1_800_000_000_000
  const suppressions = createSuppressions(
    mailer.redis,
    createKeyRing([Buffer.alloc(32, 1)]),
    () => deletedAtMs,
  )
  await suppressions.removeAll('again')
  const add = (email: string, sentAtMs?: number) => suppressions.add('again', email, 'gone', sentAtMs)
  await add('unknown@example.com')
  await add('before@example.com', deletedAtMs + 600_000)
  await add('after@example.com', deletedAtMs + 600_001)
  const { addresses } = await suppressions.page('again', 10, undefined)
  expect(addresses.map(({ email }) => email)).toEqual(['after@example.com'])
  // An older mailer deleted it.
  await mailer.redis.set(goneOf('again'), '', 'PX', 60_000)
  await add('later@example.com', deletedAtMs + 600_001)
  expect((await suppressions.page('again', 10, undefined)).addresses).toHaveLength(1)
})

test('a mail of a deleted tenant that comes back within a week suppresses nobody', async () => {
  const suppressions = createSuppressions(mailer.redis, createKeyRing([Buffer.alloc(32, 1)]), Date.now)
  await suppressions.removeAll('doomed')
  for (const tenantId of ['doomed', 'demo']) await suppressions.add(tenantId, 'ada@example.com', 'gone')
  expect(await mailer.redis.exists(entriesOf('doomed'), orderOf('doomed'))).toBe(0)
  expect(await suppressions.reason('demo', 'ada@example.com')).toBe('gone')
  expect((await mailer.redis.pttl(goneOf('doomed'))) / 86_400_000).toBeCloseTo(7, 2)
  await mailer.redis.del(goneOf('doomed'))
  await suppressions.add('doomed', 'ada@example.com', 'gone')
  expect(await suppressions.reason('doomed', 'ada@example.com')).toBe('gone')
})
