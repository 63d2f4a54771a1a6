import { isObjectType } from 'graphql'
import { expect, test } from 'vitest'
import type { Caller } from '../../access/caller.ts'
import { buildGatewaySchema } from '../../schema.ts'
import { workOf } from './field-cost.ts'
import { createReadTurns, READ_LIMITS } from './read-limits.ts'

let keys = 0
/** A caller of a tenant, with another key each time. */
const callerOf = (tenantId: string): Caller => ({ scope: 'tenant', apiKeyId: `k${keys++}`, tenantId })
const nextTurn = () => new Promise(setImmediate)

/** Reads that end on demand, and how many are under way. */
function scripted(turns: ReturnType<typeof createReadTurns>) {
  const running: { tenant: string; end(): void }[] = []
  const most = { all: 0, byTenant: new Map<string, number>() }
  const read = (tenant: string) =>
    turns.run(callerOf(tenant), () => {
      const done = new Promise<void>((resolve) =>
        running.push({
          tenant,
          end() {
            running.splice(running.indexOf(this), 1)
            resolve()
          },
        }),
      )
      const own = running.filter((one) => one.tenant === tenant).length
      most.all = Math.max(most.all, running.length)
      most.byTenant.set(tenant, Math.max(most.byTenant.get(tenant) ?? 0, own))
      return done
    })
  return { running, most, read }
}

test('the limits, so that a change of one is seen', () => {
  expect(READ_LIMITS).toEqual({
    atOnce: 8,
    perCaller: 2,
    waitingPerCaller: 32,
    refusedAfterMs: 1000,
    maxHeldRefusals: 1000,
  })
})

test('a tenant has two reads under way, whatever key they come with, all together eight, and none is lost', async () => {
  const { running, most, read } = scripted(createReadTurns())
  const tenants = Array.from({ length: 16 }, (_, n) => `k${n}`)
  const all = tenants.flatMap((tenant) => Array.from({ length: 10 }, () => read(tenant)))
  await nextTurn()
  while (running.length > 0) {
    running[0]?.end()
    await nextTurn()
  }
  await Promise.all(all)
  expect(most.all).toBe(8)
  expect([...most.byTenant.values()].every((count) => count <= 2)).toBe(true)
})

test('a caller with many waiting reads delays only its own; another caller gets the next turn', async () => {
  const { running, read } = scripted(createReadTurns({ atOnce: 2, perCaller: 2, waitingPerCaller: 100 }))
  const noisy = Array.from({ length: 100 }, () => read('noisy'))
  await nextTurn()
  const quiet = read('quiet')
  running[0]?.end()
  await nextTurn()
  expect(running.map(({ tenant }) => tenant)).toContain('quiet')
  while (running.length > 0) {
    running[0]?.end()
    await nextTurn()
  }
  await Promise.all([...noisy, quiet])
})

test('only the tenant with too many waiting reads is refused', async () => {
  const { running, read } = scripted(createReadTurns())
  const all = Array.from({ length: 34 }, () => read('k'))
  await expect(read('k')).rejects.toMatchObject({ problem: { code: 'unavailable', retryAfterSeconds: 1 } })
  const other = read('other')
  await nextTurn()
  while (running.length > 0) {
    running[0]?.end()
    await nextTurn()
  }
  await Promise.all([...all, other])
})

test('a caller with too many waiting reads is answered late, and their number is bounded', async () => {
  const { read } = scripted(
    createReadTurns({ perCaller: 1, waitingPerCaller: 1, refusedAfterMs: 3_600_000, maxHeldRefusals: 1 }),
  )
  void read('k')
  void read('k')
  let isAnswered = false
  void read('k').catch(() => {
    isAnswered = true
  })
  await expect(read('k')).rejects.toMatchObject({ problem: { code: 'unavailable' } })
  expect(isAnswered).toBe(false)
})

test('every query that returns a list or statistics declares its work', () => {
  const type = buildGatewaySchema().getQueryType()
  if (!isObjectType(type)) throw new Error('no queries')
  const silent = Object.values(type.getFields()).filter((field) => workOf(field) === undefined)
  // One record each.
  expect(silent.map(({ name }) => name).sort()).toEqual(['identity', 'mailPreview', 'tenant', 'viewer'])
})
