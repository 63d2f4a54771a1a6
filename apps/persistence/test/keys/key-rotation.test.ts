import { randomBytes, randomUUID } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../src/open-store.ts'
import { limited, register, registration, WRONG } from '../calls.ts'
import { FORMATS, SERVERS } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'

describe.each([...SERVERS, ...FORMATS])('a new key ring on %s', (server) => {
  let it: TestStore
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
      ring: createKeyRing([randomBytes(32), it.secret]),
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

  test('a store of another ring is refused with the way out', async () => {
    await expect(openStore({ redis: it.redis, ring: createKeyRing([randomBytes(32)]) })).rejects.toThrow(
      'EMAILAUTH_SECRET_KEYS',
    )
  })
})
