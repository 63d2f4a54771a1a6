import { eventually } from '@emailauth/testing/eventually'
import { startCluster, type TestCluster } from '@emailauth/testing/redis-cluster'
import calculateSlot from 'cluster-key-slot'
import { Cluster, type Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultCode, outcome, register, registration, verify } from '../calls.ts'
import { openStoreAt, type TestStore } from '../store.ts'

let cluster: TestCluster
let it: TestStore
beforeAll(async () => {
  cluster = await startCluster({ masters: 3 })
  it = await openStoreAt(cluster.url, { clock: 'redis' })
})
afterAll(async () => {
  await it?.close()
  await cluster?.stop()
})

/** The slot of a tenant's one identity, the node that has it, another node, and the slot's keys. */
async function slotOf(tenantId: string) {
  if (!(it.redis instanceof Cluster)) throw new Error('not a Cluster')
  const nodes = it.redis.nodes('master')
  const found = await Promise.all(nodes.map((node) => node.keysBuffer(`ea:{${tenantId}:*}:n:*`)))
  const source = nodes[found.findIndex(({ length }) => length === 1)]
  const target = nodes.find((node) => node !== source)
  const [record] = found.flat()
  if (source === undefined || target === undefined || record === undefined) throw new Error('no record')
  const slot = calculateSlot(record)
  const keys = (await source.callBuffer('cluster', 'getkeysinslot', slot, 100)) as Buffer[]
  return { slot, source, target, keys }
}

async function move(keys: readonly Buffer[], source: Redis, target: Redis): Promise<void> {
  const { host = '', port = 0 } = target.options
  if (keys.length > 0) await source.call('migrate', host, port, '', 0, 5000, 'keys', ...keys)
}

test.each([
  ['none of its keys have moved', 0],
  ['half of its keys have moved', 0.5],
  ['all of its keys have moved', 1],
])('while a slot moves and %s, calls fail and change nothing; afterwards they work', async (_, share) => {
  const tenant = it.tenant()
  const { number, identityId } = await register(it.store, tenant)
  const { slot, source, target, keys } = await slotOf(tenant.id)
  const ids = { source: await source.cluster('MYID'), target: await target.cluster('MYID') }
  await target.cluster('SETSLOT', slot, 'IMPORTING', ids.source)
  await source.cluster('SETSLOT', slot, 'MIGRATING', ids.target)
  const first = keys.slice(0, Math.round(keys.length * share))
  await move(first, source, target)

  expect(await outcome(verify(it.store, tenant, number, { identityId }))).toBe('unavailable')
  const again = it.store.register(tenant, registration(tenant)).catch(faultCode)
  expect(await again).toBe('unavailable')

  await move(keys.slice(first.length), source, target)
  for (const node of [target, source]) await node.cluster('SETSLOT', slot, 'NODE', ids.target)
  // The same number: the register above has not replaced it.
  await eventually(async () =>
    expect(await outcome(verify(it.store, tenant, number, { identityId }))).toBe('verified'),
  )
  expect(await outcome(verify(it.store, tenant, number, { identityId }))).toBe('wrong-credentials')
})
