import { randomBytes, randomUUID } from 'node:crypto'
import { DEFAULT_SETTINGS, type Tenant } from '@emailauth/contracts/tenants'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { register, verify } from '../calls.ts'
import { HOUR_MS, sweep } from '../events/recorded-events.ts'
import { openStoreAt, openTestStore, type TestStore } from '../store.ts'

// Each lifetime as its effect in Redis, on the clock of Redis. The numbers are written out here, so that a
// constant that changes tenfold fails.

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let it: TestStore
beforeAll(async () => {
  it = await openTestStore('redis-server', { clock: 'redis' })
})
afterAll(() => it?.close())

/** The lifetimes of a tenant's keys, by their suffix without digest, moment or second. */
async function livesOf(of: TestStore, tenant: Tenant): Promise<Record<string, number>> {
  const names = await of.redis.keysBuffer(`ea:{${tenant.id}:*`)
  const lives: Record<string, number> = {}
  for (const name of names) {
    const suffix = name.toString('latin1').split('}:')[1] ?? ''
    const kind = /^(?:[wo]:.*|[a-z]+:|[a-z]+)/.exec(suffix)?.[0] ?? suffix
    lives[kind] = Math.max(lives[kind] ?? 0, await of.redis.pttl(name))
  }
  return lives
}

const live = (name: string, settings: Partial<Tenant['settings']> = {}, testMode = false): Tenant => ({
  ...it.tenant(),
  id: name,
  testMode,
  settings: { ...DEFAULT_SETTINGS, ...settings },
})

/** Another number of the same length. */
const wrong = (number: string, by: number) => `${number.slice(0, -1)}${(Number(number.at(-1)) + by) % 10}`

/** Near: it has begun to pass, on a busy machine by some seconds. */
function expectNear(actualMs: number | undefined, expectedMs: number, what: string): void {
  expect(actualMs, what).toBeGreaterThan(expectedMs * 0.9 - MINUTE / 2)
  expect(actualMs, what).toBeLessThanOrEqual(expectedMs)
}

describe('keys of an identity', () => {
  let lives: Record<string, number>
  beforeAll(async () => {
    const tenant = live('lives', { missBudgetPerHour: 10 })
    const clientIp = '2001:db8::1'
    const { identityId, number } = await register(it.store, tenant, { clientIp })
    for (let by = 1; by <= 5; by++) await verify(it.store, tenant, wrong(number, by), { clientIp })
    await verify(it.store, tenant, wrong(number, 6), { identityId })
    await it.store.tenants.create({ id: tenant.id, name: 'Lives' })
    const messageId = `${identityId}.1`
    await it.store.reportDeliveries([{ type: 'deferred', identityId, messageId }])
    lives = await livesOf(it, tenant)
  })

  test.each([
    ['n:', 10 * MINUTE, 'the record: the life of the number'],
    ['a:', 1.25 * DAY, 'a page of pointers and logs of addresses: the longest rate and a quarter'],
    ['r:', MINUTE, 'a kept reply'],
    ['x:', 25 * HOUR + 10 * MINUTE, 'the list of what expires: a day and an hour after it'],
    ['due', 70 * MINUTE + SECOND, 'when the sweep comes: an hour after that'],
    ['swept', DAY, 'the last second that was swept'],
    ['i:', 49 * HOUR, 'a bucket: open, live and not swept'],
    ['index', 49 * HOUR, 'the index of buckets'],
    ['open', 49 * HOUR, 'the open bucket'],
    ['live', 49 * HOUR, 'the count'],
    ['events', 25 * HOUR, 'the stream of events'],
    ['k:', 25 * HOUR, 'counts of a minute'],
    ['rolled', 26 * HOUR, 'the last hour that was added up'],
    ['g:', 10 * MINUTE, 'registers of a client'],
    ['m:', 10 * MINUTE, 'misses of a client'],
    ['budget', HOUR, 'the miss budget'],
    ['f:', 25 * HOUR, 'later outcomes of a mail'],
    ['o:misses.high', HOUR, 'an event that is not repeated'],
    [`w:registers:${10 * MINUTE}`, 620 * SECOND, 'registers of a tenant: the window and two slots'],
    [`w:named:${HOUR}`, 3720 * SECOND, 'misses that name an identity: the window and two slots'],
  ])('%s lives %i ms: %s', (kind, expectedMs, what) => {
    expectNear(lives[kind], expectedMs, what)
  })

  test('of a window of an hour the two slots are two minutes', () => {
    expect(lives[`w:named:${HOUR}`]).toBeGreaterThan(HOUR + 50 * SECOND)
  })

  test('no kind of key is without a line here', () => {
    expect(Object.keys(lives)).toHaveLength(20)
  })
})

test('the pointer of an address lives as long as its number, also where a rate is shorter or an alias has its own', async () => {
  const tenant = live('pointers', { mailsPerAddress: [{ max: 5, windowSeconds: 30 }] })
  await register(it.store, tenant, { email: 'ada@example.com' })
  await register(it.store, tenant, { email: 'bob+alias@example.com' })
  const pages = await it.redis.keysBuffer('ea:{pointers:00}:a:*')
  const entries = (await Promise.all(pages.map((page) => it.redis.hgetallBuffer(page)))).flatMap(
    ({ '': _head, ...others }) => Object.values(others),
  )
  expect(entries).toHaveLength(3)
  const neededUntilMs = entries.map((entry) => entry.readUInt32BE(12) * 1000)
  for (const ms of neededUntilMs) expectNear(ms - Date.now() - SECOND, 10 * MINUTE, 'entry')
  for (const page of pages) expectNear(await it.redis.pttl(page), 12.5 * MINUTE, 'page')
})

test('the number of a reserved address means its identity for an hour longer than it lives', async () => {
  const tenant = live('reserved', {}, true)
  await register(it.store, tenant, { email: 'ada+emailauth-test@example.com' })
  expectNear((await livesOf(it, tenant))['t:'], 70 * MINUTE, 't:')
})

test('hours of statistics are kept for a month, days for a year', async () => {
  const past = await openStoreAt(it.url, { secret: it.secret })
  try {
    const tenant = { ...past.tenant(), id: 'rolled' }
    past.clock.ms = Math.ceil(past.clock.ms / HOUR_MS) * HOUR_MS + 1
    await register(past.store, tenant)
    past.clock.ms += 2 * HOUR_MS
    await register(past.store, tenant, { email: 'bob@example.com' })
    await sweep(past)
    const lives = await livesOf(it, tenant)
    expectNear(lives['kh:'], 32 * DAY, 'kh:')
    expectNear(lives['kd:'], 400 * DAY, 'kd:')
  } finally {
    await past.close()
  }
})

describe('keys outside of tenants', () => {
  const lifeOf = async (pattern: string) => {
    const [name = ''] = await it.redis.keys(pattern)
    return it.redis.pttl(name)
  }

  test('a session without use ends after half an hour, their list after 12 hours', async () => {
    const { session } = await it.store.sessions.create('ada@example.com', null)
    expectNear(await lifeOf(`ea:session:${session.id}`), 30 * MINUTE, 'session')
    expectNear(await lifeOf('ea:sessions'), 12 * HOUR, 'sessions')
    expect(Date.parse(session.expiresAt) - Date.parse(session.createdAt)).toBe(12 * HOUR)
  })

  test('a used challenge is remembered twice as long as it is valid', async () => {
    await it.store.passkeys.claim(randomUUID())
    expectNear(await lifeOf('ea:challenge:*'), 10 * MINUTE, 'challenge')
  })

  test('a passkey that was added counts by itself for a minute, until every list that is read has it', async () => {
    await it.store.passkeys.create({
      ...{ email: 'ada@example.com', name: 'Laptop', credentialId: 'AAAA', publicKey: 'AAAA' },
      ...{ counter: 0, transports: [], isBackedUp: false },
    })
    expectNear(await lifeOf('ea:passkey:added:*'), MINUTE, 'added')
  })

  test('a sign-in lives 10 minutes, its logs a day', async () => {
    const ticketId = randomBytes(17).toString('base64url')
    const reply = await it.store.signIns.begin({
      ...{ ticketId, email: 'eve@example.com', network: '192.0.2.1' },
      ...{ decoy: false, unlessPasskey: false },
    })
    const expiresAt = 'expiresAt' in reply ? reply.expiresAt : expect.unreachable()
    expectNear(Date.parse(expiresAt) - Date.now() + SECOND, 10 * MINUTE + SECOND, 'its number')
    expectNear(await lifeOf('ea:sign-in:*:t:*'), 10 * MINUTE, 'ticket')
    expectNear(await lifeOf('ea:sign-in:*:l:all'), DAY, 'log of the address')
    expectNear(await lifeOf('ea:sign-in:*:l:n:*'), DAY, 'log of the network')
  })

  test('the audit log is kept for 400 days, counts of acts for an hour or a day', async () => {
    const actor = { kind: 'api-key', id: '0123456789ab' } as const
    await it.store.audit.record({ type: 'tenant.created', actor, tenantId: null, target: 'x' })
    expectNear(await lifeOf('ea:audit:*:log'), 400 * DAY, 'log')
    expectNear(await lifeOf('ea:audit:*:head'), 400 * DAY, 'head')
    expectNear(await lifeOf('ea:audit:lanes'), 400 * DAY, 'lanes')
    expectNear(await lifeOf('ea:audit:rate:api-key:*'), HOUR, 'one key')
    expectNear(await lifeOf('ea:audit:rate:api-keys'), DAY, 'all keys')
  })
})

test('another service takes a change of a tenant within seconds', async () => {
  const other = await openStoreAt(it.url, { secret: it.secret, clock: 'redis' })
  try {
    await it.store.tenants.create({ id: 'cached', name: 'Before' })
    expect((await other.store.tenants.get('cached'))?.name).toBe('Before')
    await it.store.tenants.update('cached', { name: 'After' })
    await eventually(async () => expect((await other.store.tenants.get('cached'))?.name).toBe('After'), 8000)
  } finally {
    await other.close()
  }
})
