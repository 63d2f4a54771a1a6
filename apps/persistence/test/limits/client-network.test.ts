import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { limited, outcome, register, registration, verify } from '../calls.ts'
import { SERVERS } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'

const BAD_NUMBER = '0'.repeat(15)

describe.each(SERVERS)("limits of a client's network on %s", (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  test('one home line cannot spend the miss budget, from whichever of its addresses, however they are written', async () => {
    const tenant = it.tenant({ missBudgetPerHour: 60 })
    const { number } = await register(it.store, tenant)
    const host = (i: number) => i.toString(16)
    const spellings = [
      (i: number) => `2001:db8:1:2::${host(i)}`,
      (i: number) => `2001:DB8:1:2:0:0:0:${host(i)}`,
      (i: number) => `[2001:db8:1:2::${host(i)}]:4711`,
      (i: number) => `2001:db8:1:2::${host(i)}%eth0`,
      (i: number) => ` "[2001:0db8:0001:0002::${host(i)}]" `,
    ]
    const misses = Array.from({ length: 100 }, (_, i) =>
      outcome(verify(it.store, tenant, BAD_NUMBER, { clientIp: spellings[i % spellings.length]?.(i) })),
    )
    const codes = await Promise.all(misses)
    expect(codes.filter((code) => code === 'wrong-credentials')).toHaveLength(20)
    expect(codes.filter((code) => code === 'rate-limited')).toHaveLength(80)
    expect(await verify(it.store, tenant, number, { clientIp: '192.0.2.1' })).toHaveProperty('verification')
  })

  test('IPv4 counts as one however it is written, and what is no address shares one bucket and is not refused', async () => {
    const tenant = it.tenant({ missesPerClientIp: { max: 2, windowSeconds: 600 } })
    const miss = (clientIp: string) => outcome(verify(it.store, tenant, BAD_NUMBER, { clientIp }))
    for (const spelling of ['1.2.3.4', '::ffff:1.2.3.4'])
      expect(await miss(spelling)).toBe('wrong-credentials')
    for (const spelling of ['1.2.3.4:4711', '::ffff:102:304', '[::ffff:1.2.3.4]:80', ' 1.2.3.4 '])
      expect(await miss(spelling), spelling).toBe('rate-limited')
    for (const text of ['unknown', '']) expect(await miss(text)).toBe('wrong-credentials')
    for (const text of ['1.2.3', 'x'.repeat(10_000), '\u0000', '_hidden', '🦊'])
      expect(await miss(text), text).toBe('rate-limited')
    expect(await miss('1.2.3.5')).toBe('wrong-credentials')
    const registered = registration(tenant, { clientIp: 'unknown, 10.0.0.1' })
    expect(await it.store.register(tenant, registered)).toHaveProperty('registration')
  })

  test('an IPv6 /48 has a rate of its own, sixteen times as high', async () => {
    const tenant = it.tenant({
      missesPerClientIp: { max: 1, windowSeconds: 600 },
      registersPerClientIp: { max: 1, windowSeconds: 600 },
    })
    const inNetwork = (i: number, site = 'a') => `2001:db8:${site}:${i}::1`
    const miss = (clientIp: string) => outcome(verify(it.store, tenant, BAD_NUMBER, { clientIp }))
    for (let i = 0; i < 16; i++) expect(await miss(inNetwork(i))).toBe('wrong-credentials')
    expect(await miss(inNetwork(16))).toBe('rate-limited')
    expect(await miss(inNetwork(16, 'b'))).toBe('wrong-credentials')
    const registerFrom = (i: number, clientIp: string) =>
      it.store.register(tenant, registration(tenant, { email: `u${i}@example.com`, clientIp }))
    for (let i = 0; i < 16; i++) expect(await registerFrom(i, inNetwork(i))).toHaveProperty('registration')
    expect(await registerFrom(16, inNetwork(16))).toEqual(limited('client-ip', 600))
    expect(await registerFrom(17, inNetwork(17, 'b'))).toHaveProperty('registration')
  })

  test('a call that is repeated with its client address in another spelling is the same call', async () => {
    const tenant = it.tenant()
    const { number } = await register(it.store, tenant)
    const call = (clientIp: string) =>
      verify(it.store, tenant, number, { clientIp, idempotencyKey: `v-${tenant.id}` })
    const first = await call('::ffff:192.0.2.7')
    expect(first).toHaveProperty('verification')
    expect(await call('192.0.2.7:80')).toEqual(first)
    expect(await outcome(call('192.0.2.8'))).toBe('idempotency-conflict')
  })
})
