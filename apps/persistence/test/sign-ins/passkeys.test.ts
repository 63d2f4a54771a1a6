import { createHash, randomBytes } from 'node:crypto'
import { PASSKEYS_PER_ADMIN, type PasskeyCreateRequest } from '@emailauth/contracts/passkeys'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPersistence } from '../../src/app.ts'
import { openStore } from '../../src/open-store.ts'
import { HEADERS, openService, SERVICE_TOKEN, type TestService } from '../service.ts'
import { openStoreAt } from '../store.ts'

let listener: TestService
beforeAll(async () => {
  listener = await openService()
})
afterAll(() => listener?.close())

const newId = () => randomBytes(32).toString('base64url')
const aPasskey = (changes: Partial<PasskeyCreateRequest> = {}): PasskeyCreateRequest => ({
  email: 'ada@example.com',
  name: 'Laptop',
  credentialId: newId(),
  publicKey: newId(),
  counter: 0,
  transports: ['internal'],
  isBackedUp: false,
  ...changes,
})
const create = async (changes: Partial<PasskeyCreateRequest> = {}) =>
  (await listener.call('POST', '/v1/passkeys', aPasskey(changes))).body
const use = (id: string, counter: number, challenge = newId()) =>
  listener.call('POST', `/v1/passkeys/${id}/use`, { challenge, counter })

test('a passkey is kept, listed, named and removed, each act in the audit log', async () => {
  const request = aPasskey()
  const made = await listener.call('POST', '/v1/passkeys', request)
  expect(made.status).toBe(201)
  const { id } = made.body
  expect(id).toBe(
    createHash('sha256').update(Buffer.from(request.credentialId, 'base64url')).digest('base64url'),
  )
  expect((await listener.call('POST', '/v1/passkeys', request)).status).toBe(409)
  const known = (await listener.call('GET', `/v1/passkeys/${id}`)).body
  expect(known.credential).toMatchObject({ publicKey: request.publicKey, transports: ['internal'] })
  const renamed = await listener.call('PATCH', `/v1/passkeys/${id}`, { name: 'Büro ☕' })
  expect(renamed.body).toMatchObject({ id, name: 'Büro ☕', email: 'ada@example.com', lastUsedAt: null })
  expect((await listener.call('GET', '/v1/passkeys')).body.passkeys).toEqual([renamed.body])
  for (const name of ['', ' ', 'a\nb', '\u202eevil', 'x'.repeat(81)])
    expect((await listener.call('PATCH', `/v1/passkeys/${id}`, { name })).status).toBe(400)
  expect((await listener.call('DELETE', `/v1/passkeys/${id}`)).status).toBe(204)
  expect((await listener.call('DELETE', `/v1/passkeys/${id}`)).status).toBe(404)
  expect((await listener.call('GET', `/v1/passkeys/${id}`)).status).toBe(404)
  expect((await use(id, 1)).status).toBe(404)
  const { events } = (
    await listener.call('GET', '/v1/events?types=passkey.created,passkey.renamed,passkey.removed')
  ).body
  const actor = { kind: 'admin', id: 'ada@example.com' }
  expect(events.slice(0, 2)).toMatchObject([
    { type: 'passkey.removed', target: id, actor },
    { type: 'passkey.renamed', target: id, actor },
  ])
  expect(events.at(-1)).toMatchObject({ type: 'passkey.created', target: 'Laptop', actor })
})

test('a challenge serves once, and a counter never goes back', async () => {
  const { id } = await create({ counter: 5 })
  const challenge = newId()
  expect((await use(id, 6, challenge)).body.lastUsedAt).not.toBeNull()
  expect((await use(id, 7, challenge)).body.code).toBe('wrong-credentials')
  expect((await use(id, 6)).body.code).toBe('wrong-credentials')
  expect((await use(id, 0)).body.code).toBe('wrong-credentials')
  expect((await use(id, 7)).status).toBe(200)
  const without = await create()
  expect([(await use(without.id, 0)).status, (await use(without.id, 0)).status]).toEqual([200, 200])
  const claim = () => listener.call('POST', '/v1/passkey-challenges/claim', { challenge: 'once' })
  const claims = await Promise.all([claim(), claim(), claim()])
  expect(claims.map(({ status }) => status).sort()).toEqual([204, 409, 409])
  const parallel = await Promise.all([use(id, 8), use(id, 8), use(id, 8)])
  expect(parallel.map(({ status }) => status).sort()).toEqual([200, 404, 404])
})

test('a challenge that was used is remembered for longer than it is taken', async () => {
  await listener.call('POST', '/v1/passkey-challenges/claim', { challenge: newId() })
  for (const key of await listener.it.redis.keys('ea:challenge:*')) {
    const leftMs = await listener.it.redis.pttl(key)
    expect(leftMs).toBeGreaterThan(300_000)
    expect(leftMs).toBeLessThanOrEqual(600_000)
  }
})

test('an admin has ten passkeys at most', async () => {
  const email = 'many@example.com'
  expect(PASSKEYS_PER_ADMIN).toBe(10)
  for (let i = 0; i < PASSKEYS_PER_ADMIN; i++) await create({ email })
  expect((await listener.call('POST', '/v1/passkeys', aPasskey({ email }))).status).toBe(409)
  expect((await listener.call('POST', '/v1/passkeys', aPasskey({ email: 'few@example.com' }))).status).toBe(
    201,
  )
})

test('of 20 passkeys of one admin that two services add at once exactly ten are kept', async () => {
  const other = await openStoreAt(listener.it.url, { secret: listener.it.secret })
  try {
    for (const [email, had] of [
      ['parallel@example.com', 0],
      ['parallel-more@example.com', 7],
    ] as const) {
      for (let i = 0; i < had; i++) await create({ email })
      const stores = [listener.it.store, other.store]
      const addAtOnce = async (howMany: number) => {
        const added = Array.from({ length: howMany }, (_, at) =>
          stores[at % 2]?.passkeys.create(aPasskey({ email })),
        )
        return (await Promise.all(added)).filter((one) => one !== 'full').length
      }
      expect(await addAtOnce(20)).toBe(10 - had)
      const kept = await other.store.passkeys.ofAdmin(email)
      expect(kept).toHaveLength(10)
      for (const { id } of kept.slice(0, 2)) expect(await other.store.passkeys.remove(id)).toBe(true)
      expect(await addAtOnce(6), 'each that was removed leaves room for one').toBe(2)
    }
  } finally {
    await other.close()
  }
})

test('of two admins who remove the last passkey of each other at two services, one keeps a passkey', async () => {
  const other = await openStoreAt(listener.it.url, { secret: listener.it.secret })
  const app = await buildPersistence({ store: other.store, serviceToken: SERVICE_TOKEN })
  try {
    for (let round = 0; round < 10; round++) {
      const [one, two] = [`one-${round}@example.com`, `two-${round}@example.com`]
      const [ofOne, ofTwo] = [await create({ email: one }), await create({ email: two })]
      const pathOf = (id: string, keepOneOf: string) =>
        `/v1/passkeys/${id}?${new URLSearchParams({ keepOneOf })}`
      const [here, there] = await Promise.all([
        listener.call('DELETE', pathOf(ofTwo.id, one)),
        app.inject({ method: 'DELETE', url: pathOf(ofOne.id, two), headers: HEADERS }),
      ])
      expect([here.status, there.statusCode].sort()).toEqual([204, 409])
      const left = [await other.store.passkeys.ofAdmin(one), await other.store.passkeys.ofAdmin(two)]
      expect(left.flat()).toHaveLength(1)
    }
  } finally {
    await app.close()
    await other.close()
  }
})

test('a passkey that was let go and is still there counts again after a minute', async () => {
  const { redis, store } = listener.it
  const email = 'retired@example.com'
  const [first, second] = [await create({ email }), await create({ email })]
  const retired = 'ea:{ea:passkeys}:retired'
  // As if the service had ended before it removed the first one.
  expect(await store.passkeys.retire(first.id, email)).toBe(true)
  expect(await store.passkeys.retire(second.id, email)).toBe(false)
  const leftMs = await redis.pttl(retired)
  expect(leftMs).toBeGreaterThan(50_000)
  expect(leftMs).toBeLessThanOrEqual(60_000)
  await redis.del(retired)
  expect(await store.passkeys.retire(second.id, email)).toBe(true)
  expect(await store.passkeys.remove(second.id)).toBe(true)
  expect(await redis.exists(retired), 'one that is removed may be added again at once').toBe(0)
})

test('a passkey whose write failed counts once when it is added again, and for the whole time again', async () => {
  const { redis } = listener.it
  const email = 'again@example.com'
  for (let i = 0; i < 9; i++) await create({ email })
  const tenth = aPasskey({ email })
  const { id } = (await listener.call('POST', '/v1/passkeys', tenth)).body
  // As if the service had ended between the two steps.
  await redis.del(`ea:passkey:${id}`)
  await redis.srem('ea:passkeys', id)
  const ofThis = async () => {
    const names = await redis.keys('ea:passkey:added:*')
    const holds = await Promise.all(names.map((name) => redis.hexists(name, id)))
    return names.find((_, at) => holds[at] === 1) ?? ''
  }
  const added = await ofThis()
  await redis.pexpire(added, 20_000)
  expect((await listener.call('POST', '/v1/passkeys', aPasskey({ email }))).status).toBe(409)
  expect(await redis.pttl(added), 'one that is refused prolongs nothing').toBeLessThanOrEqual(20_000)
  expect((await listener.call('POST', '/v1/passkeys', tenth)).status).toBe(201)
  expect(await redis.pttl(added)).toBeGreaterThan(50_000)
})

test('the sessions that a passkey began end with it, and no others', async () => {
  const { id } = await create()
  const begin = async (passkeyId?: string) =>
    (await listener.call('POST', '/v1/sessions', { email: 'ada@example.com', passkeyId })).body.session
  const [byPasskey, byMail] = [await begin(id), await begin()]
  expect([byPasskey.passkeyId, byMail.passkeyId]).toEqual([id, null])
  await listener.call('DELETE', `/v1/passkeys/${id}`)
  const { sessions } = (await listener.call('GET', '/v1/sessions')).body
  const ids = sessions.map((session: { id: string }) => session.id)
  expect(ids).toContain(byMail.id)
  expect(ids).not.toContain(byPasskey.id)
})

test('a passkey that was removed meanwhile begins no session', async () => {
  const { id } = await create()
  await listener.call('DELETE', `/v1/passkeys/${id}`)
  const begin = { email: 'ada@example.com', passkeyId: id }
  expect((await listener.call('POST', '/v1/sessions', begin)).status).toBe(404)
  const { sessions } = (await listener.call('GET', '/v1/sessions')).body
  expect(sessions.filter((session: { passkeyId: string }) => session.passkeyId === id)).toEqual([])
})

test('the list of passkeys has the form that services of an earlier version read and write', async () => {
  await create()
  expect(await listener.it.redis.type('ea:passkeys')).toBe('set')
})

test('passkeys lie sealed, and outlive every key of the ring', async () => {
  const { id } = await create({ email: 'sealed@example.com', name: 'planted' })
  const { redis, secret, store } = listener.it
  const dump = await Promise.all((await redis.keys('ea:passkey*')).map((key) => redis.dumpBuffer(key)))
  for (const part of dump) expect(String(part)).not.toMatch(/planted|sealed@/)
  const next = randomBytes(32)
  await openStore({ redis, ring: createKeyRing([next, secret]) })
  expect(await store.passkeys.get(id), 'it is sealed with the new key by now').toBeUndefined()
  expect(await store.passkeys.unreadable()).toBeGreaterThan(0)
  const after = await openStore({ redis, ring: createKeyRing([next, secret]) })
  expect((await after.passkeys.get(id))?.passkey.name).toBe('planted')
})

test('an admin who has a passkey is mailed no number where the operator says so', async () => {
  const email = 'keyed@example.com'
  const ticketId = randomBytes(17).toString('base64url')
  const request = { ticketId, email, network: '192.0.2.1', decoy: false, unlessPasskey: true }
  const before = await listener.call('POST', '/v1/sign-ins', request)
  expect(before.body).toHaveProperty('number')
  await listener.it.store.passkeys.create(aPasskey({ email }))
  expect((await listener.call('POST', '/v1/sign-ins', request)).body).toEqual({ refused: 'passkey' })
  const finish = { ticketId, email, number: before.body.number, unlessPasskey: true }
  expect((await listener.call('POST', '/v1/sign-ins/finish', finish)).body.code).toBe('wrong-credentials')
})

test('passkeys come in pages, newest first; those of one admin are one reply', async () => {
  const made: string[] = []
  for (let i = 0; i < 120; i++) {
    if (i % 3 === 0) listener.it.clock.ms += 1
    made.push((await create({ email: `page-${i % 12}@example.com` })).id)
  }
  const page = async (query: string) => (await listener.call('GET', `/v1/passkeys?${query}`)).body
  const seen: string[] = []
  for (let after = '', more = true; more; ) {
    const { passkeys, hasNextPage } = await page(`first=50${after}`)
    expect(passkeys.length).toBeLessThanOrEqual(50)
    seen.push(...passkeys.map(({ id }: { id: string }) => id))
    const last = passkeys.at(-1)
    if (seen.length === 50) await listener.call('DELETE', `/v1/passkeys/${last.id}`)
    after = `&after=${encodeURIComponent(`${last.createdAt} ${last.id}`)}`
    more = hasNextPage
  }
  expect(seen.slice(0, 120).sort()).toEqual([...made].sort())
  expect(new Set(seen).size).toBe(seen.length)
  const mine = await page('email=page-3%40example.com')
  expect(mine.passkeys).toHaveLength(10)
  expect(new Set(mine.passkeys.map(({ email }: { email: string }) => email))).toEqual(
    new Set(['page-3@example.com']),
  )
  for (const query of ['first=0', 'first=201', 'after=x'])
    expect((await listener.call('GET', `/v1/passkeys?${query}`)).status).toBe(400)
})
