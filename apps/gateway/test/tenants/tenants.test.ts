import { eventually } from '@emailauth/testing/eventually'
import { redisCommand } from '@emailauth/testing/redis-command'
import { expectWithin } from '@emailauth/testing/timing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, freshAddress, numberMailedTo, REGISTER, startWorld, VERIFY, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

const admin = (document: string, variables: object = {}) =>
  ask(world.app, world.adminKey, document, variables)
const newTenant = async (id: string) => {
  await admin(`mutation { createTenant(input: { id: "${id}", name: "${id}" }) { id } }`)
  return world.newKey({ scope: 'tenant', tenantId: id, name: 'k' })
}
const registerOnce = (key: string, email = freshAddress()) =>
  ask(world.app, key, REGISTER, { input: { email, token: 't' } })

test('an admin reads what was changed through another gateway at once', async () => {
  const key = await newTenant('elsewhere')
  const query = '{ tenant(id: "elsewhere") { name } }'
  expect((await ask(world.app, key, query)).data.tenant.name).toBe('elsewhere')
  expect((await admin(query)).data.tenant.name).toBe('elsewhere')
  const other = await world.another()
  try {
    const update = 'mutation { updateTenant(input: { id: "elsewhere", name: "Changed" }) { id } }'
    expect((await ask(other, world.adminKey, update)).errors).toBeUndefined()
    expect((await admin(query)).data.tenant.name).toBe('Changed')
  } finally {
    await other.close()
  }
})

test('a tenant changes in what is given, and a risk is refused with its arithmetic', async () => {
  await newTenant('changing')
  const update =
    'mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { name status settings { ttlSeconds locale } } }'
  const changed = await admin(update, { input: { id: 'changing', settings: { ttlSeconds: 90 } } })
  expect(changed.data.updateTenant).toEqual({
    name: 'changing',
    status: 'ACTIVE',
    settings: { ttlSeconds: 90, locale: 'en' },
  })
  const risky = await admin(update, {
    input: { id: 'changing', settings: { verification: 'BOUND', boundDigits: 6 } },
  })
  expect(risky.errors?.[0]).toMatchObject({
    message: expect.stringContaining('5 tries / 10^6 = 5.0e-6'),
    extensions: { code: 'BAD_USER_INPUT' },
  })
  for (const id of ['nobody', '{}*:', '']) {
    expect((await admin(update, { input: { id } })).data).toEqual({ updateTenant: null })
  }
})

test('a setting goes back to its default, one of mails too, and is refused when it is also given', async () => {
  await newTenant('back')
  const update =
    'mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { settings { ttlSeconds locale missesPerClientIp { max windowSeconds } mail { colour replyTo } } } }'
  const blank = (await admin(update, { input: { id: 'back' } })).data.updateTenant.settings
  const mail = { colour: '#112233', replyTo: 'help@shop.example.com' }
  const settings = { ttlSeconds: 90, locale: 'es', missesPerClientIp: { max: 3, windowSeconds: 9 }, mail }
  const changed = await admin(update, { input: { id: 'back', settings } })
  expect(changed.data.updateTenant.settings).toEqual(settings)
  const reset = ['TTL_SECONDS', 'MISSES_PER_CLIENT_IP', 'MAIL_COLOUR']
  const after = await admin(update, { input: { id: 'back', reset } })
  expect(after.data.updateTenant.settings).toEqual({
    ...blank,
    locale: 'es',
    mail: { colour: null, replyTo: 'help@shop.example.com' },
  })
  const both = await admin(update, { input: { id: 'back', settings: { mail }, reset } })
  expect(both.errors?.[0]).toMatchObject({
    message: expect.stringContaining('mail.colour is both given and reset'),
    extensions: { code: 'BAD_USER_INPUT' },
  })
  expect((await admin(update, { input: { id: 'back', reset: ['VERSION'] } })).status).toBe(400)
  expect((await admin(update, { input: { id: 'back', reset: null } })).data).toEqual(after.data)
})

test('six digits and five tries are for a tenant that binds and states the risk; the change is in the audit log', async () => {
  const key = await newTenant('six')
  const update =
    'mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { settings { acceptedRisk risk { chance per digits arithmetic } } } }'
  const settings = { verification: 'BOUND', boundDigits: 6, acceptedRisk: 5e-6 }
  const changed = await admin(update, { input: { id: 'six', settings } })
  expect(changed.data.updateTenant.settings).toEqual({
    acceptedRisk: 5e-6,
    risk: {
      chance: 5e-6,
      per: 'IDENTITY',
      digits: 6,
      arithmetic: '5 tries / 10^6 = 5.0e-6 for an identity; accepted: 5.0e-6',
    },
  })
  for (const acceptedRisk of [1.1e-5, 1e-10, 0, -1, 1])
    expect(
      (await admin(update, { input: { id: 'six', settings: { acceptedRisk } } })).errors?.[0],
    ).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
    })
  // What is the same is no change, and another setting none of the risk.
  await admin(update, { input: { id: 'six', settings: { acceptedRisk: 5e-6 } } })
  await admin(update, { input: { id: 'six', settings: { ttlSeconds: 300 } } })
  const { data } = await admin(
    '{ events(types: [TENANT_RISK_CHANGED]) { nodes { type target actor { kind } } } }',
  )
  expect(data.events.nodes).toEqual([
    { type: 'TENANT_RISK_CHANGED', target: 'six', actor: { kind: 'API_KEY' } },
  ])
  const email = freshAddress()
  const { identityId } = (await registerOnce(key, email)).data.register
  const number = numberMailedTo(world.smtp.mails, email)
  expect(number).toMatch(/^\d{6}$/)
  const verified = await ask(world.app, key, VERIFY, { input: { number, identityId } })
  expect(verified.data.verify).toMatchObject({ __typename: 'Verified' })
})

test('a tenant above its registration limit gets the time of the next try', async () => {
  await admin(
    'mutation { createTenant(input: { id: "often", name: "often", settings: { registersPerTenant: { max: 1, windowSeconds: 600 } } }) { id } }',
  )
  const key = await world.newKey({ scope: 'tenant', tenantId: 'often', name: 'k' })
  await registerOnce(key)
  const limited = await registerOnce(key)
  expect(limited.data.register).toMatchObject({ __typename: 'RateLimited', limit: 'TENANT' })
  expect(limited.data.register.retryAfterSeconds).toBeGreaterThan(500)
  const { data } = await ask(
    world.app,
    key,
    '{ events(types: [REGISTRATIONS_LIMITED]) { nodes { type identityId } } }',
  )
  expect(data.events.nodes).toEqual([{ type: 'REGISTRATIONS_LIMITED', identityId: null }])
})

test('a disabled tenant gets that error in every field, and works again when enabled', async () => {
  const key = await newTenant('pausing')
  const email = freshAddress()
  expect((await registerOnce(key, email)).data.register.__typename).toBe('Registered')
  const number = numberMailedTo(world.smtp.mails, email)
  await admin('mutation { disableTenant(id: "pausing") { status } }')
  await eventually(async () => {
    for (const document of ['{ viewer { scope } }', '{ identities { totalCount } }']) {
      const { errors } = await ask(world.app, key, document)
      expect(errors?.[0]).toMatchObject({
        message: expect.stringContaining('disabled'),
        extensions: { code: 'FORBIDDEN' },
      })
    }
  })
  expect((await registerOnce(key)).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  await admin('mutation { enableTenant(id: "pausing") { status } }')
  await eventually(async () => {
    const { data } = await ask(world.app, key, VERIFY, { input: { number } })
    expect(data?.verify?.token).toBe('t')
  })
})

/** What is kept of its suppressed addresses, besides that it is gone. */
const suppressedOf = async (id: string) =>
  (await redisCommand(world.redis.port, 'KEYS', `*suppressed:${id}*`))
    .split('\n')
    .filter((key) => key !== '' && !key.endsWith(':gone'))

test('no address is suppressed for a tenant that another gateway has just deleted', async () => {
  await newTenant('undone')
  const suppress =
    'mutation { addSuppressions(tenantId: "undone", addresses: [{ email: "gone@example.com" }]) { added } }'
  const other = await world.another()
  try {
    expect((await admin(suppress)).data).toMatchObject({ addSuppressions: { added: 1 } })
    await ask(other, world.adminKey, 'mutation { deleteTenant(id: "undone") }')
    expect((await admin(suppress)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    // Recorded just before the mailer is asked, so this gateway still knew the tenant.
    const { data } = await admin(
      '{ events(types: [SUPPRESSION_ADDED], tenantId: "undone") { nodes { type } } }',
    )
    expect(data.events.nodes).toHaveLength(2)
    expect(await suppressedOf('undone')).toEqual([])
  } finally {
    await other.close()
  }
})

test('a deleted tenant is gone within seconds, with all that it had', async () => {
  const key = await newTenant('doomed')
  await registerOnce(key)
  const suppress =
    'mutation { addSuppressions(tenantId: "doomed", addresses: [{ email: "gone@example.com" }]) { added } }'
  expect((await admin(suppress)).data).toMatchObject({ addSuppressions: { added: 1 } })
  expect((await admin('mutation { deleteTenant(id: "doomed") }')).data).toEqual({ deleteTenant: true })
  expect((await admin('mutation { deleteTenant(id: "never-was") }')).data).toEqual({ deleteTenant: false })
  await eventually(async () => {
    expect((await ask(world.app, key, '{ viewer { scope } }')).status).toBe(401)
    expect((await admin('{ tenants { id } }')).text).not.toContain('doomed')
    // What the mailer knows of single mails is sealed, and expires with them.
    for (const pattern of ['ea:{doomed:*', 'ea:*:doomed', `*${key.split('_')[1]}*`])
      expect(await redisCommand(world.redis.port, 'KEYS', pattern)).toBe('')
    expect(await suppressedOf('doomed')).toEqual([])
  })
  const refused = await admin('mutation { deleteTenant(id: "admin") }')
  expect(refused.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
})

test('a key is rotated with an overlap; without one the old key stops within 5 s', async () => {
  const key = await newTenant('turning')
  const rotate = async (id: string, overlapSeconds: number) =>
    (
      await admin(
        `mutation { rotateApiKey(id: "${id}", overlapSeconds: ${overlapSeconds}) { key apiKey { name expiresAt tenant { id } } } }`,
      )
    ).data.rotateApiKey
  const next = await rotate(key.split('_')[1] ?? '', 3600)
  expect(next.apiKey).toEqual({ name: 'k', expiresAt: null, tenant: { id: 'turning' } })
  for (const one of [key, next.key])
    expect((await ask(world.app, one, '{ viewer { scope } }')).status).toBe(200)
  const last = await rotate(next.key.split('_')[1], 0)
  const began = Date.now()
  await eventually(async () =>
    expect((await ask(world.app, next.key, '{ viewer { scope } }')).status).toBe(401),
  )
  expectWithin(Date.now() - began, 5000)
  expect((await ask(world.app, last.key, '{ viewer { scope } }')).status).toBe(200)
  expect(await rotate('nonsense', 0)).toBeNull()
  const bad = await admin('mutation { rotateApiKey(id: "000000000000", overlapSeconds: -1) { key } }')
  expect(bad.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'overlapSeconds' })
  const { data } = await admin('{ apiKeys(tenantId: "turning") { expiresAt lastUsedAt revokedAt } }')
  expect(data.apiKeys).toHaveLength(3)
  expect(data.apiKeys.every(({ lastUsedAt }: { lastUsedAt: string | null }) => lastUsedAt !== null)).toBe(
    true,
  )
})

test('statistics count what happened, for one tenant and for all', async () => {
  const key = await newTenant('counted')
  const email = freshAddress()
  await registerOnce(key, email)
  await registerOnce(key, email)
  await ask(world.app, key, VERIFY, { input: { number: numberMailedTo(world.smtp.mails, email) } })
  await ask(world.app, key, VERIFY, { input: { number: '9'.repeat(12) } })
  const from = new Date(Date.now() - 60_000).toISOString()
  const statistics = async (by: string, more = '') => {
    const query = `{ statistics(from: "${from}", step: MINUTE${more}) { waitBoundsSeconds buckets { counts { of count } waits } } }`
    const { buckets } = (await ask(world.app, by, query)).data.statistics
    const sums: Record<string, number> = {}
    for (const { counts } of buckets) for (const { of, count } of counts) sums[of] = (sums[of] ?? 0) + count
    return {
      sums,
      waits: buckets
        .flatMap(({ waits }: { waits: number[] }) => waits)
        .reduce((a: number, b: number) => a + b),
    }
  }
  await eventually(async () =>
    expect(await statistics(key)).toEqual({
      sums: { REGISTERED: 1, SENT: 1, VERIFIED: 1, MISSED: 1, LIMITED: 1 },
      waits: 1,
    }),
  )
  expect(await statistics(world.adminKey, ', tenantId: "counted"')).toEqual(await statistics(key))
  expect((await statistics(world.adminKey)).sums.REGISTERED).toBeGreaterThanOrEqual(1)
})
