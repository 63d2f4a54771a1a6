import { randomUUID } from 'node:crypto'
import type { Event } from '@emailauth/contracts/events'
import type { Tenant } from '@emailauth/contracts/tenants'
import { createSweeper } from '../../src/identities/sweeper.ts'
import type { TestStore } from '../store.ts'

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS

/** Creates a tenant with high mail limits. */
export const madeTenant = async (
  it: TestStore,
  settings: Partial<Tenant['settings']> = {},
): Promise<Tenant> => {
  const created = await it.store.tenants.create({
    id: `t${randomUUID().slice(0, 8)}`,
    name: 'x',
    settings: { mailsPerAddress: [{ max: 1000, windowSeconds: 1 }], ...settings },
  })
  if (!('tenant' in created)) throw new Error('The tenant was not made.')
  return created.tenant
}
/** All events, oldest first. */
export const eventsOf = async (it: TestStore, tenant: Tenant) =>
  (await it.store.events.page({ tenantId: tenant.id, audit: false, first: 200 })).events.reverse()
/** The types and the identities of events. */
export const typesAndIds = (events: readonly Event[]) =>
  events.map(({ type, identityId }) => [type, identityId])
/** The counts since `fromMs`, sorted by name. */
export const counted = async (
  it: TestStore,
  tenant: Tenant,
  step: 'minute' | 'hour' | 'day' = 'minute',
  fromMs = it.clock.ms,
) => {
  const from = new Date(fromMs).toISOString()
  const { buckets } = await it.store.readStatistics({ tenantId: tenant.id, from, step })
  const sums: Record<string, number> = {}
  for (const { counts, waits } of buckets) {
    for (const [kind, count] of Object.entries(counts)) sums[kind] = (sums[kind] ?? 0) + count
    for (const [slot, count] of waits.entries()) if (count > 0) sums[`wait ${slot}`] = count
  }
  return sums
}
/** Sweeps until nothing is due. */
export const sweep = async ({ store }: Pick<TestStore, 'store'>) => {
  const sweeper = createSweeper(store)
  while ((await sweeper.sweepDue()).visited > 0);
}
