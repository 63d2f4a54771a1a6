import { startCluster, type TestCluster } from '@emailauth/testing/redis-cluster'
import { redisCommand } from '@emailauth/testing/redis-command'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { diagnose } from '../../src/diagnostics/diagnose.ts'
import { examineRedis } from '../../src/diagnostics/hygiene.ts'
import { createSweeper } from '../../src/identities/sweeper.ts'
import { outcome, register, verify } from '../calls.ts'
import { documentedUser } from '../servers.ts'
import { openStoreAt, type TestStore } from '../store.ts'

// What an operator of a Cluster relies on: findings about every master, and the documented ACL user.

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

test('every master is looked at for what an operator should fix', async () => {
  const port = cluster.nodes[0]?.port ?? 0
  await redisCommand(port, 'config', 'set', 'maxmemory-policy', 'allkeys-lfu')
  try {
    const findings = await examineRedis(it.redis, 1)
    expect(
      findings.map(({ code, level, detail }) => [code, level, / on (\d) of 3 masters/.exec(detail)?.[1]]),
    ).toEqual([
      ['redis-eviction', 'warn', '1'],
      ['redis-not-persistent', 'warn', '3'],
      ['redis-replicas', 'fail', '3'],
    ])
  } finally {
    await redisCommand(port, 'config', 'set', 'maxmemory-policy', 'noeviction')
  }
})

test('the documented ACL user is enough on a Cluster too, and for all that the service does', async () => {
  const rules = (await documentedUser()).split(' ')
  for (const { port } of cluster.nodes)
    await redisCommand(port, 'acl', 'setuser', 'app', 'on', '>pw', 'resetkeys', ...rules)
  const url = cluster.url.replaceAll('redis://', 'redis://app:pw@')
  const restricted = await openStoreAt(url, { secret: it.secret })
  try {
    const tenant = restricted.tenant()
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        register(restricted.store, tenant, { email: `u${i}@example.com` }),
      ),
    )
    for (const { number } of made)
      expect(await outcome(verify(restricted.store, tenant, number))).toBe('verified')
    const { tenants, apiKeys, keyRing } = restricted.store
    await tenants.create({ id: 'acl', name: 'ACL' })
    await tenants.update('acl', { name: 'Renamed' })
    expect((await tenants.list()).map(({ name }) => name)).toEqual(['Renamed'])
    const { apiKey } = await apiKeys.create(
      { scope: 'tenant', tenantId: 'acl', name: 'web' },
      { kind: 'system', id: 'system' },
    )
    expect(await apiKeys.revoke(apiKey.id)).toBe(true)
    expect(await apiKeys.list('acl')).toHaveLength(1)
    await keyRing.note()
    expect((await diagnose(restricted.store)).map(({ code }) => code)).toContain('redis-not-persistent')
    const sweeper = createSweeper(restricted.store)
    await sweeper.sweepDue()
    await sweeper.walk(10)
    await expect(restricted.redis.set('elsewhere', '1')).rejects.toThrow('NOPERM')
  } finally {
    await restricted.close()
  }
})
