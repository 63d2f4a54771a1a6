import { eventually } from '@emailauth/testing/eventually'
import { redisCli } from '@emailauth/testing/redis-cli'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, freshAddress, numberMailedTo, REGISTER, startWorld, VERIFY, type World } from './world.ts'

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
    message: expect.stringContaining('5/10^6'),
    extensions: { code: 'BAD_USER_INPUT' },
  })
  for (const id of ['nobody', '{}*:', '']) {
    expect((await admin(update, { input: { id } })).data).toEqual({ updateTenant: null })
  }
})

test('a disabled tenant is told so, in every field, and goes on when it is enabled', async () => {
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

test('a deleted tenant is gone within seconds, with all that it had', async () => {
  const key = await newTenant('doomed')
  await registerOnce(key)
  expect((await admin('mutation { deleteTenant(id: "doomed") }')).data).toEqual({ deleteTenant: true })
  expect((await admin('mutation { deleteTenant(id: "never-was") }')).data).toEqual({ deleteTenant: false })
  await eventually(async () => {
    expect((await ask(world.app, key, '{ viewer { scope } }')).status).toBe(401)
    expect((await admin('{ tenants { id } }')).text).not.toContain('doomed')
    // What the mailer knows of single mails is sealed, and expires with them.
    for (const pattern of ['ea:{doomed:*', 'ea:*:doomed', `*${key.split('_')[1]}*`])
      expect(await redisCli(world.redis.port, 'KEYS', pattern)).toBe('')
  }, 15_000)
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
  expect(Date.now() - began).toBeLessThan(5000)
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

test('figures tell what happened, of one tenant and of all', async () => {
  const key = await newTenant('counted')
  const email = freshAddress()
  await registerOnce(key, email)
  await registerOnce(key, email)
  await ask(world.app, key, VERIFY, { input: { number: numberMailedTo(world.smtp.mails, email) } })
  await ask(world.app, key, VERIFY, { input: { number: '9'.repeat(12) } })
  const from = new Date(Date.now() - 60_000).toISOString()
  const figures = async (by: string, more = '') => {
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
    expect(await figures(key)).toEqual({
      sums: { REGISTERED: 1, SENT: 1, VERIFIED: 1, MISSED: 1, LIMITED: 1 },
      waits: 1,
    }),
  )
  expect(await figures(world.adminKey, ', tenantId: "counted"')).toEqual(await figures(key))
  expect((await figures(world.adminKey)).sums.REGISTERED).toBeGreaterThanOrEqual(1)
})
