import { SESSIONS_PER_ADMIN } from '@emailauth/contracts/sessions'
import { hashSecret } from '@emailauth/secrets/digest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openService, type TestService } from '../service.ts'

let listener: TestService
beforeAll(async () => {
  listener = await openService()
})
afterAll(() => listener?.close())

test('sessions: shown once, kept alive by use, never beyond their end, revoked for good', async () => {
  const begin = async () => (await listener.call('POST', '/v1/sessions', { email: 'ada@example.com' })).body
  const ask = ({ session, secret }: { session: { id: string }; secret: string }) =>
    listener.call('POST', '/v1/sessions/authenticate', {
      sessionId: session.id,
      secretDigest: hashSecret(secret),
    })
  const one = await begin()
  expect(Buffer.from(one.secret, 'base64url')).toHaveLength(32)
  expect((await ask(one)).body).toEqual(one.session)
  expect((await ask({ ...one, secret: 'x' })).status).toBe(404)
  const key = `ea:session:${one.session.id}`
  await listener.it.redis.pexpire(key, 1000)
  await ask(one)
  const idleMs = await listener.it.redis.pttl(key)
  expect(idleMs).toBeGreaterThan(29 * 60_000)
  expect(idleMs).toBeLessThanOrEqual(30 * 60_000)
  listener.it.clock.ms += 12 * 3_600_000 - 60_000
  await ask(one)
  expect(await listener.it.redis.pttl(key)).toBeLessThanOrEqual(60_000)
  listener.it.clock.ms += 60_000
  expect((await ask(one)).status).toBe(404)

  const [two, three] = [await begin(), await begin()]
  expect((await listener.call('DELETE', `/v1/sessions/${two.session.id}`)).status).toBe(204)
  expect((await listener.call('DELETE', `/v1/sessions/${two.session.id}`)).status).toBe(404)
  expect((await ask(two)).status).toBe(404)
  const { sessions } = (await listener.call('GET', '/v1/sessions')).body
  expect(sessions.map(({ id }: { id: string }) => id)).toContain(three.session.id)
  expect(JSON.stringify(sessions)).not.toContain(hashSecret(three.secret))
})

const begin = async (email: string): Promise<string> =>
  (await listener.call('POST', '/v1/sessions', { email })).body.session.id
const page = async (query: string) => (await listener.call('GET', `/v1/sessions?${query}`)).body

test('live sessions come in pages, newest first, and a page goes on behind one that is over', async () => {
  const { redis, clock } = listener.it
  await redis.del('ea:sessions')
  const made: string[] = []
  for (let i = 0; i < 230; i++) {
    // Some share a moment.
    if (i % 3 === 0) clock.ms += 1
    made.push(await begin(`pages-${i % 10}@example.com`))
  }
  const seen: { id: string; createdAt: string }[] = []
  for (let after = '', more = true; more; ) {
    const { sessions, hasNextPage } = await page(`first=60${after}`)
    expect(sessions.length).toBeLessThanOrEqual(60)
    seen.push(...sessions)
    const last = sessions.at(-1)
    after = `&after=${encodeURIComponent(`${last.createdAt} ${last.id}`)}`
    // What the cursor names ends before the next page is read.
    if (seen.length === 60) await listener.call('DELETE', `/v1/sessions/${last.id}`)
    more = hasNextPage
  }
  expect(seen.map(({ id }) => id).sort()).toEqual([...made].sort())
  const moments = seen.map(({ createdAt }) => createdAt)
  expect(moments).toEqual([...moments].sort().reverse())
  // Without a length it is no whole list.
  expect((await page('')).sessions).toHaveLength(50)
  // Ids without a session are passed over, and the page is full all the same.
  await redis.del(...seen.slice(0, 150).map(({ id }) => `ea:session:${id}`))
  const rest = await page('first=70')
  expect(rest.sessions.map(({ id }: { id: string }) => id)).toEqual(seen.slice(150, 220).map(({ id }) => id))
  expect(rest.hasNextPage).toBe(true)
  for (const query of [
    'first=0',
    'first=201',
    'after=x',
    `after=${seen[0]?.id}`,
    'after=2026-01-01T00:00:00.000Z%20x',
  ])
    expect((await listener.call('GET', `/v1/sessions?${query}`)).status).toBe(400)
})

test('an admin has 50 live sessions at most; one more ends the oldest, which is in the audit log', async () => {
  expect(SESSIONS_PER_ADMIN).toBe(50)
  const { redis, clock } = listener.it
  const email = 'many@example.com'
  const made: string[] = []
  for (let i = 0; i < SESSIONS_PER_ADMIN; i++) {
    clock.ms += 1
    made.push(await begin(email))
  }
  const other = await begin('other@example.com')
  const live = (ids: readonly string[]) => redis.exists(...ids.map((id) => `ea:session:${id}`))
  expect(await live(made)).toBe(50)
  clock.ms += 1
  const last = await begin(email)
  expect(await live([made[0] ?? ''])).toBe(0)
  expect(await live([...made, last])).toBe(50)
  expect(await live([other])).toBe(1)
  const { events } = (await listener.call('GET', '/v1/events?types=session.revoked&first=1')).body
  expect(events[0]).toMatchObject({ target: made[0], actor: { kind: 'admin', id: email } })
  // Sessions that are over do not count, whether they have expired or were ended just now.
  await redis.del(...made.slice(10, 35).map((id) => `ea:session:${id}`))
  clock.ms += 60_000
  for (const id of made.slice(35, 40)) await listener.call('DELETE', `/v1/sessions/${id}`)
  for (let i = 0; i < 30; i++) {
    clock.ms += 1
    await begin(email)
  }
  expect(await live(made)).toBe(19)
  expect(await live([last])).toBe(1)
  // Nothing of it is readable, and nothing stays.
  const [list = ''] = await redis.keys('ea:session:of:*')
  expect(list).not.toContain('example')
  expect(await redis.pttl(list)).toBeLessThanOrEqual(12 * 3_600_000)
  clock.ms += 12 * 3_600_000
  await begin(email)
  expect(await redis.zcard('ea:sessions')).toBe(1)
})

test('sign-ins at once end the oldest sessions, each once, and no more than are too many', async () => {
  const { redis, clock } = listener.it
  const email = 'at-once@example.com'
  const made: string[] = []
  for (let i = 0; i < SESSIONS_PER_ADMIN; i++) {
    clock.ms += 1
    made.push(await begin(email))
  }
  clock.ms += 1
  const more = await Promise.all(Array.from({ length: 10 }, () => begin(email)))
  expect(await redis.exists(...[...made.slice(10), ...more].map((id) => `ea:session:${id}`))).toBe(50)
  const { events } = (await listener.call('GET', '/v1/events?types=session.revoked&first=20')).body
  const ended = events
    .filter(({ actor }: { actor: { id: string } }) => actor.id === email)
    .map(({ target }: { target: string }) => target)
  expect(ended.sort()).toEqual(made.slice(0, 10).sort())
})

test('a session that is listed and not written yet counts for a minute', async () => {
  const { redis, clock } = listener.it
  const email = 'slow-write@example.com'
  const lists = new Set(await redis.keys('ea:session:of:*'))
  const made: string[] = []
  for (let i = 0; i < SESSIONS_PER_ADMIN - 1; i++) {
    clock.ms += 1
    made.push(await begin(email))
  }
  const [list = ''] = (await redis.keys('ea:session:of:*')).filter((key) => !lists.has(key))
  await redis.zadd(list, clock.ms, 'listed')
  const live = () => redis.exists(...made.map((id) => `ea:session:${id}`))
  clock.ms += 59_999
  await begin(email)
  expect([await live(), await redis.zscore(list, 'listed')]).toEqual([48, expect.any(String)])
  clock.ms += 1
  await begin(email)
  expect([await live(), await redis.zscore(list, 'listed')]).toEqual([48, null])
})

test('an act in a session that has ended is refused, whatever it is; ending that session again is not', async () => {
  const email = 'ada@example.com'
  const [ended, other, idle] = [await begin(email), await begin(email), await begin(email)]
  const { body: key } = await listener.call('POST', '/v1/api-keys', { scope: 'admin', name: 'k' })
  const passkey = (name: string) => ({
    ...{ email, name, credentialId: 'A'.repeat(43), publicKey: 'AAAA' },
    ...{ counter: 0, transports: [], isBackedUp: false },
  })
  const { id: passkeyId } = (await listener.call('POST', '/v1/passkeys', passkey('mine'))).body
  const { body: webhook } = await listener.call('POST', '/v1/webhooks', {
    tenantId: 'demo',
    url: 'https://hooks.example/e',
  })
  const { identityId } = (await listener.register('demo')).body
  const actorIn = (sessionId: string) => ({ 'x-emailauth-actor': `admin ada%40example.com ${sessionId}` })
  const end = () => listener.call('DELETE', `/v1/sessions/${ended}`, undefined, actorIn(ended))
  const twice = await Promise.all([end(), end()])
  expect(
    twice.map(({ status }) => status).filter((status) => status !== 204 && status !== 404),
    'at once',
  ).toEqual([])
  expect((await end()).status).toBe(404)
  await listener.it.redis.pexpire(`ea:session:${idle}`, 0)

  const acts = [
    ['POST', '/v1/tenants', { id: 'late', name: 'Late' }],
    ['PATCH', '/v1/tenants/demo', { name: 'Late' }],
    ['PATCH', '/v1/tenants/demo', { status: 'disabled' }],
    ['DELETE', '/v1/tenants/demo', undefined],
    ['POST', '/v1/api-keys', { scope: 'admin', name: 'late' }],
    ['POST', `/v1/api-keys/${key.apiKey.id}/rotate`, { overlapSeconds: 0 }],
    ['DELETE', `/v1/api-keys/${key.apiKey.id}`, undefined],
    ['DELETE', `/v1/sessions/${other}`, undefined],
    ['POST', '/v1/passkeys', { ...passkey('late'), credentialId: 'B'.repeat(43) }],
    ['PATCH', `/v1/passkeys/${passkeyId}`, { name: 'late' }],
    ['DELETE', `/v1/passkeys/${passkeyId}`, undefined],
    ['POST', '/v1/webhooks', { tenantId: 'demo', url: 'https://hooks.example/late' }],
    ['PATCH', `/v1/webhooks/${webhook.endpoint.id}`, { enabled: false }],
    ['POST', `/v1/webhooks/${webhook.endpoint.id}/rotate`, { overlapSeconds: 0 }],
    ['DELETE', `/v1/webhooks/${webhook.endpoint.id}`, undefined],
    ['DELETE', `/v1/identities/${identityId}`, undefined],
    ['POST', '/v1/acts', { type: 'messages.retried', tenantId: null, target: 'all' }],
  ] as const
  for (const sessionId of [ended, idle])
    for (const [method, path, body] of acts) {
      const { status, body: reply } = await listener.call(method, path, body, actorIn(sessionId))
      expect([status, reply?.code], `${method} ${path}`).toEqual([409, 'conflict'])
    }
  expect((await listener.call('GET', '/v1/tenants/demo')).body.name).not.toBe('Late')
  expect((await listener.call('GET', `/v1/identities/${identityId}`)).status).toBe(200)
  const leftMs = await listener.it.redis.pttl(`ea:session:${other}`)
  const last = acts.at(-1)
  expect((await listener.call('POST', '/v1/acts', last?.[2], actorIn(other))).status).toBe(204)
  expect(await listener.it.redis.pttl(`ea:session:${other}`), 'no act prolongs it').toBeLessThanOrEqual(
    leftMs,
  )
  expect((await listener.call('POST', '/v1/acts', last?.[2], actorIn('x'))).body.code).toBe('bad-input')
})

test('a gateway of an earlier version, which names no session, still acts for admins', async () => {
  const actor = { 'x-emailauth-actor': 'admin ada%40example.com' }
  const made = await listener.call('POST', '/v1/tenants', { id: 'earlier', name: 'Earlier' }, actor)
  expect(made.status).toBe(201)
})

test('who did something is shown without the session', async () => {
  const sessionId = await begin('ada@example.com')
  const actor = { 'x-emailauth-actor': `admin ada%40example.com ${sessionId}` }
  const { apiKey } = (await listener.call('POST', '/v1/api-keys', { scope: 'admin', name: 'k' }, actor)).body
  const rotated = await listener.call(
    'POST',
    `/v1/api-keys/${apiKey.id}/rotate`,
    { overlapSeconds: 0 },
    actor,
  )
  const { identityId } = (await listener.register('demo')).body
  await listener.call('DELETE', `/v1/identities/${identityId}`, undefined, actor)
  const { events } = (await listener.call('GET', '/v1/events?actorId=ada%40example.com&first=5')).body
  const ada = { kind: 'admin', id: 'ada@example.com' }
  expect(events.map(({ actor: by }: { actor: unknown }) => by)).toEqual([ada, ada, ada, ada, ada])
  const keys = (await listener.call('GET', '/v1/api-keys')).body.apiKeys
  for (const { createdBy } of [apiKey, rotated.body.apiKey, ...keys])
    expect(createdBy).toEqual(expect.not.objectContaining({ sessionId }))
  expect([apiKey.createdBy, rotated.body.apiKey.createdBy]).toEqual([ada, ada])
})
