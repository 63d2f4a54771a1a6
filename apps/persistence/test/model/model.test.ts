import { toProblem } from '@emailauth/contracts/problems'
import type { Tenant } from '@emailauth/contracts/tenants'
import { FULL } from '@emailauth/testing/full-form'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../src/open-store.ts'
import { toIdentityId } from '../../src/store/identity-id.ts'
import { openRecord } from '../../src/store/identity-record.ts'
import { keyPrefix } from '../../src/store/keys.ts'
import { digests } from '../../src/store/partition.ts'
import type { Verify } from '../../src/verification/verify.ts'
import { openStoreAt, type TestStore } from '../store.ts'
import { isLinearizable } from './linearizable.ts'
import { programs, runClients } from './parallel.ts'
import { commands } from './sequential.ts'

/** The short form runs in `npm test`. The full one takes some minutes. */
const SEQUENTIAL_RUNS = FULL ? 5000 : 60
const HISTORIES = FULL ? 20_000 : 200
const TIMEOUT_MS = FULL ? 3_600_000 : 60_000

let server: TestRedis
let services: TestStore[]
let stores: Store[]
beforeAll(async () => {
  server = await startRedis()
  const first = await openStoreAt(server.url, { clock: 'redis' })
  // Calls of one connection run in order, so races need several.
  const others = [1, 2].map(() => openStoreAt(server.url, { clock: 'redis', secret: first.secret }))
  services = [first, ...(await Promise.all(others))]
  stores = services.map(({ store }) => store)
})
afterAll(async () => {
  await Promise.all(services.map((service) => service.close()))
  await server?.stop()
})

/** A new tenant for each run, so that runs are independent. */
function freshTenant(): Tenant {
  return (services[0] as TestStore).tenant({
    missBudgetPerHour: 100_000,
    mailsPerAddress: [{ max: 1000, windowSeconds: 60 }],
  })
}

test(
  `${SEQUENTIAL_RUNS} random sequences do what a plain model does`,
  async () => {
    const store = stores[0] as Store
    await fc.assert(
      fc.asyncProperty(commands, async (sequence) => {
        const tenant = freshTenant()
        await fc.asyncModelRun(
          () => ({ model: { live: new Map(), all: [] }, real: { store, tenant } }),
          sequence,
        )
      }),
      { numRuns: SEQUENTIAL_RUNS },
    )
  },
  TIMEOUT_MS,
)

test(
  `${HISTORIES} histories of parallel clients are linearizable`,
  async () => {
    const seen = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(programs, async (clients) => {
        for (const history of await runClients(stores, freshTenant(), clients)) {
          for (const { event } of history) {
            const ended =
              'won' in event
                ? `verify ${event.won}`
                : 'removed' in event
                  ? `remove ${event.removed}`
                  : event.kind
            seen.set(ended, (seen.get(ended) ?? 0) + 1)
          }
          if (!isLinearizable(history)) throw new Error(`Not linearizable:\n${describe(history)}`)
        }
      }),
      { numRuns: HISTORIES, endOnFailure: true },
    )
    // Without a right and a wrong number, a removal and a replacement the run would prove nothing.
    for (const ended of ['verify true', 'verify false', 'remove true', 'remove false', 'resend'])
      expect(seen.get(ended) ?? 0, ended).toBeGreaterThan(HISTORIES / 10)
  },
  TIMEOUT_MS,
)

test(
  'the suite has teeth: GET, then DEL, in place of one script is found out',
  async () => {
    const careless = stores.map((store) => ({ ...store, verify: verifyInTwoSteps(store) }))
    const check = (clients: typeof programs, numRuns: number) =>
      fc.check(
        fc.asyncProperty(clients, async (program) =>
          (await runClients(careless, freshTenant(), program)).every(isLinearizable),
        ),
        { numRuns, endOnFailure: true },
      )
    // One client alone finds nothing, so the checker finds the race and no other bug of this verify.
    const alone = programs.map((clients) => clients.slice(0, 1))
    expect((await check(alone, 50)).failed).toBe(false)
    const found = await check(programs, 2000)
    expect(found.failed).toBe(true)
    expect(String(found.errorInstance)).toContain('returning false')
  },
  TIMEOUT_MS,
)

/** Verify by number with a race: it makes two round trips, and another call may run between them. */
function verifyInTwoSteps({ context: { redis, ring }, verify }: Store): Verify {
  return async (tenant, request) => {
    if (request.email !== undefined) return verify(tenant, request)
    const digest = digests.number(ring.keys[0], tenant.id, request.number)
    const key = Buffer.concat([Buffer.from(`${keyPrefix(tenant.id, 0)}n:`), digest])
    const record = await redis.getBuffer(key)
    if (record === null) return { problem: toProblem('wrong-credentials', '') }
    await redis.del(key)
    const member = Buffer.concat([digest, record.subarray(2, 6)])
    const opened = openRecord(ring, tenant.id, member, record)
    const identityId = toIdentityId(
      { partitions: 1, partitionKey: Buffer.alloc(0) },
      { tenantId: tenant.id, partition: 0, member },
    )
    const registeredAt = new Date(opened.createdAtMs).toISOString()
    return { verification: { identityId, email: opened.email, token: opened.token, registeredAt } }
  }
}

function describe(history: readonly { event: object; invokedAt: number; returnedAt: number }[]): string {
  return [...history]
    .sort((a, b) => a.invokedAt - b.invokedAt)
    .map(
      ({ event, invokedAt, returnedAt }) =>
        `${invokedAt.toFixed(2)}–${returnedAt.toFixed(2)} ${JSON.stringify(event)}`,
    )
    .join('\n')
}
