import { randomBytes, randomUUID } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { openStore } from '../../src/open-store.ts'
import { digests } from '../../src/store/partition.ts'
import { scripts } from '../../src/store/scripts.ts'
import { limited, register, registration, verify, WRONG } from '../calls.ts'
import { FORMATS, SERVERS } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'

describe.each([...SERVERS, ...FORMATS])('a new key ring on %s', (server) => {
  let it: TestStore
  // Metadata are sealed again with the newest key, so all tests of a store have the same one.
  const newest = randomBytes(32)
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  test('after a key rotation old numbers verify, one number an address holds, and so do the limits', async () => {
    const tenant = it.tenant({ mailsPerAddress: [{ max: 2, windowSeconds: 600 }] })
    const ada = await register(it.store, tenant)
    const bob = await register(it.store, tenant, { email: 'bob@example.com' })
    const eve = await register(it.store, tenant, { email: 'eve+x@example.com' })
    const rotated = await openStore({
      redis: it.redis,
      ring: createKeyRing([newest, it.secret]),
      now: () => it.clock.ms,
    })
    const call = (number: string) =>
      rotated.verify(tenant, { tenantId: tenant.id, requestId: randomUUID(), number })
    expect(await call(bob.number)).toMatchObject({ verification: { email: 'bob@example.com' } })
    expect(await rotated.register(tenant, registration(tenant))).toMatchObject({
      registration: { replaced: true, replacedIdentityId: ada.identityId },
    })
    expect(await call(ada.number)).toEqual(WRONG)
    expect(await rotated.register(tenant, registration(tenant))).toEqual(limited('email', 600))
    expect(await rotated.register(tenant, registration(tenant, { email: 'eve@example.com' }))).toHaveProperty(
      'registration',
    )
    expect(await rotated.register(tenant, registration(tenant, { email: 'eve@example.com' }))).toEqual(
      limited('email', 600),
    )
    expect(await call(eve.number)).toHaveProperty('verification')
  })

  test('a number that lives under the key before is not given again', async () => {
    const tenant = it.tenant()
    const ada = await register(it.store, tenant)
    const ring = createKeyRing([newest, it.secret])
    const rotated = await openStore({ redis: it.redis, ring, now: () => it.clock.ms })
    const [, before] = ring.keys
    const taken = before === undefined ? '' : digests.number(before, tenant.id, ada.number)
    // As if the first number that is generated were Ada's.
    const rule = scripts.register
    const asked = vi.spyOn(scripts, 'register').mockImplementationOnce((redis, keys, args, ...rest) => {
      const each = args.each.map((names, at) => (at === 0 ? names : { ...names, number: taken }))
      return rule(redis, keys, { ...args, each }, ...rest)
    })
    onTestFinished(() => asked.mockRestore())
    // In the same partition.
    const alias = registration(tenant, { email: 'ada+x@example.com' })
    expect(await rotated.register(tenant, alias)).toHaveProperty('registration')
    expect(await asked.mock.results[0]?.value).toEqual({ kind: 'taken' })
    expect(await verify(it.store, tenant, ada.number)).toHaveProperty('verification')
  })

  test('a store of another ring is refused with the way out', async () => {
    await expect(openStore({ redis: it.redis, ring: createKeyRing([randomBytes(32)]) })).rejects.toThrow(
      'EMAILAUTH_SECRET_KEYS',
    )
  })
})
