import { randomBytes, randomUUID } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { startCluster, type TestCluster } from '@emailauth/testing/redis-cluster'
import { redisCommand } from '@emailauth/testing/redis-command'
import calculateSlot from 'cluster-key-slot'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../../src/open-store.ts'
import { parseIdentityId } from '../../src/store/identity-id.ts'
import { keyPrefix } from '../../src/store/keys.ts'
import { outcome, register, verify } from '../calls.ts'
import { isLinearizable } from '../model/linearizable.ts'
import { programs, runClients } from '../model/parallel.ts'
import { openStoreAt, type TestStore } from '../store.ts'

const PARTITIONS = 64
const SLOTS = 16_384

let cluster: TestCluster
let it: TestStore
beforeAll(async () => {
  cluster = await startCluster()
  it = await openStoreAt(cluster.url)
})
afterAll(async () => {
  await it?.close()
  await cluster?.stop()
})

const unevenness = (loads: readonly number[]) =>
  Math.max(...loads) / (loads.reduce((sum, load) => sum + load, 0) / loads.length)

test('a store on a Cluster has 64 partitions, and every tenant has some of them on each of 3 or 5 masters', () => {
  expect(it.store.context.partitions).toBe(PARTITIONS)
  const tenants = [
    'demo',
    'ab',
    ...Array.from({ length: 1000 }, (_, i) => `tenant-${(i * 7919).toString(36)}`),
  ]
  for (const masters of [3, 5]) {
    for (const tenant of tenants) {
      const loads = new Array<number>(masters).fill(0)
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const master = Math.floor((calculateSlot(keyPrefix(tenant, partition)) * masters) / SLOTS)
        loads[master] = (loads[master] ?? 0) + 1
      }
      expect(unevenness(loads), `${tenant} on ${masters} masters`).toBeLessThanOrEqual(1.25)
    }
  }
})

test('3,000 registrations of one tenant lie evenly on all masters; listing and counting are exact', async () => {
  const tenant = it.tenant()
  const made = new Set<string>()
  for (let batch = 0; batch < 30; batch++) {
    it.clock.ms += batch % 2
    const ids = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const email = `user-${batch}-${i}@example.com`
        return (await register(it.store, tenant, { email })).identityId
      }),
    )
    for (const id of ids) made.add(id)
  }
  const masters = await cluster.masters()
  const loads = await Promise.all(
    masters.map(async ({ port }) => Number((await redisCommand(port, 'dbsize')).replace(/\D/g, ''))),
  )
  expect(loads).toHaveLength(3)
  expect(unevenness(loads), loads.join(', ')).toBeLessThanOrEqual(1.25)

  const seen: string[] = []
  const moments: string[] = []
  let after: string | undefined
  for (;;) {
    const page = await it.store.identities.list({ tenantIds: [tenant.id], first: 173, after })
    expect(page.totalCount).toBe(3000)
    seen.push(...page.items.map(({ identity }) => identity.id))
    moments.push(...page.items.map(({ identity }) => identity.createdAt))
    after = page.endCursor ?? undefined
    if (!page.hasNextPage) break
  }
  expect(seen).toHaveLength(3000)
  expect(new Set(seen)).toEqual(made)
  expect(moments).toEqual([...moments].sort().reverse())
})

test('an idempotency key stands for one input, wherever the other input would lie', async () => {
  const tenant = it.tenant()
  const idempotencyKey = 'order-1'
  const emails = Array.from({ length: 30 }, (_, i) => `user-${i}@example.com`)
  const answers = await Promise.all(
    emails.map((email) =>
      it.store.register(tenant, {
        tenantId: tenant.id,
        requestId: randomUUID(),
        email,
        token: 't',
        idempotencyKey,
      }),
    ),
  )
  expect(answers.filter((answer) => 'registration' in answer)).toHaveLength(1)
  const codes = answers.flatMap((answer) => ('problem' in answer ? [answer.problem.code] : []))
  expect(new Set(codes)).toEqual(new Set(['idempotency-conflict']))
  expect((await it.store.identities.list({ tenantIds: [tenant.id], first: 1 })).totalCount).toBe(1)

  const made = await Promise.all(emails.map((email) => register(it.store, tenant, { email })))
  const tries = await Promise.all(
    made.map(({ number }) => outcome(verify(it.store, tenant, number, { idempotencyKey: 'v-1' }))),
  )
  expect(tries.filter((code) => code === 'verified')).toHaveLength(1)
  expect(tries.filter((code) => code === 'idempotency-conflict')).toHaveLength(29)
})

test('registers of one client IP are counted exactly over all partitions, also in parallel', async () => {
  const tenant = it.tenant({ registersPerClientIp: { max: 17, windowSeconds: 600 } })
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) =>
      it.store.register(tenant, {
        tenantId: tenant.id,
        requestId: randomUUID(),
        email: `user-${i}@example.com`,
        token: 't',
        clientIp: '2001:db8::1',
      }),
    ),
  )
  expect(answers.filter((answer) => 'registration' in answer)).toHaveLength(17)
})

test('a register that another limit refuses takes nothing from its client IP', async () => {
  const tenant = it.tenant({
    mailsPerAddress: [{ max: 1, windowSeconds: 600 }],
    registersPerClientIp: { max: 3, windowSeconds: 600 },
  })
  const clientIp = '10.0.0.9'
  await register(it.store, tenant, { clientIp })
  for (let i = 0; i < 5; i++)
    await expect(register(it.store, tenant, { clientIp })).rejects.toThrow('sent as many mails')
  await register(it.store, tenant, { clientIp, email: 'bob@example.com' })
  await register(it.store, tenant, { clientIp, email: 'eve@example.com' })
  await expect(register(it.store, tenant, { clientIp, email: 'dan@example.com' })).rejects.toThrow(
    'client IP',
  )
})

test('wrong numbers, which name every partition, are counted exactly by IP and by the budget', async () => {
  const tenant = it.tenant({ missesPerClientIp: { max: 9, windowSeconds: 600 }, missBudgetPerHour: 25 })
  const guesses = Array.from({ length: 80 }, (_, i) => String(900_000_000_000 + i * 7))
  const ofOne = await Promise.all(
    guesses.slice(0, 40).map((guess) => outcome(verify(it.store, tenant, guess, { clientIp: '10.0.0.1' }))),
  )
  expect(ofOne.filter((code) => code === 'wrong-credentials')).toHaveLength(9)
  expect(ofOne.filter((code) => code === 'rate-limited')).toHaveLength(31)
  const ofAll = await Promise.all(guesses.map((guess) => outcome(verify(it.store, tenant, guess))))
  expect(ofAll.filter((code) => code === 'wrong-credentials')).toHaveLength(16)
})

test('limits hold across the whole life of a key: added, newest, alone', async () => {
  const tenant = it.tenant({ missesPerClientIp: { max: 3, windowSeconds: 600 } })
  const next = randomBytes(32)
  const rings = [[it.secret], [it.secret, next], [next, it.secret], [next]]
  const clientIp = '10.0.0.7'
  const codes: string[] = []
  for (const secrets of rings) {
    const ring = createKeyRing(secrets)
    const store = await openStore({ redis: it.redis, ring, now: () => it.clock.ms })
    codes.push(await outcome(verify(store, tenant, `90000000000${codes.length}`, { clientIp })))
  }
  // The log was renamed to the newest key in its partition, so that key alone finds it too.
  expect(codes).toEqual(['wrong-credentials', 'wrong-credentials', 'wrong-credentials', 'rate-limited'])
  // The other tests use the first key.
  await openStore({ redis: it.redis, ring: createKeyRing([it.secret, next]) })
})

test('an identityId reveals nothing about its number', async () => {
  for (const settings of [{}, { verification: 'BOUND' as const }]) {
    const tenant = it.tenant(settings)
    const made = await Promise.all(
      Array.from({ length: 1500 }, (_, i) => register(it.store, tenant, { email: `id-${i}@example.com` })),
    )
    const [sameByte, sameLocation] = [
      new Array<number>(PARTITIONS).fill(0),
      new Array<number>(PARTITIONS).fill(0),
    ]
    for (const { identityId, number } of made) {
      const shown = Buffer.from(identityId.split('.')[1] ?? '', 'base64url').readUInt8(0)
      const location = parseIdentityId(it.store.context, identityId)
      const modulo = Number(BigInt(number) % BigInt(PARTITIONS))
      sameByte[(modulo - shown + PARTITIONS) % PARTITIONS] =
        (sameByte[(modulo - shown + PARTITIONS) % PARTITIONS] ?? 0) + 1
      const apart = (modulo - (location?.partition ?? 0) + PARTITIONS) % PARTITIONS
      sameLocation[apart] = (sameLocation[apart] ?? 0) + 1
    }
    expect(chiSquare(sameByte)).toBeLessThan(MOST_CHI_SQUARE)
    // With NUMBER the number itself must name its partition. With BOUND it need not.
    if (tenant.settings.verification === 'NUMBER') expect(sameLocation[0]).toBe(made.length)
    else expect(chiSquare(sameLocation)).toBeLessThan(MOST_CHI_SQUARE)
    for (const { identityId, number } of made.slice(0, 50))
      expect(await outcome(verify(it.store, tenant, number, { identityId }))).toBe('verified')
  }
})

/** The critical value of chi-square with 63 degrees of freedom at p = 1e-6. */
const MOST_CHI_SQUARE = 130

function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

test('histories of parallel clients are linearizable over all partitions', async () => {
  const others = [1, 2].map(() => openStoreAt(cluster.url, { clock: 'redis', secret: it.secret }))
  const services = await Promise.all(others)
  try {
    const stores = services.map(({ store }) => store)
    const check = fc.asyncProperty(programs, async (clients) => {
      const tenant = it.tenant({ missBudgetPerHour: 100_000 })
      return (await runClients(stores, tenant, clients)).every(isLinearizable)
    })
    await fc.assert(check, { numRuns: 40, endOnFailure: true })
  } finally {
    for (const service of services) await service.close()
  }
})
