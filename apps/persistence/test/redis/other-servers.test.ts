import { spawnSync } from 'node:child_process'
import { startRedisOf } from '@emailauth/testing/redis'
import { expect, test } from 'vitest'
import { register, verify, WRONG } from '../calls.ts'
import { openStoreAt } from '../store.ts'

/** Wherever they are found. `scripts/store-on.mjs` runs the whole suite on one. */
const PROGRAMS = ['redis-server', 'valkey-server']
const found = PROGRAMS.filter(
  (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0,
)

test.each(found)('%s: the rules and what is kept through a restart', async (program) => {
  const server = await startRedisOf(program, '--appendonly', 'yes', '--appendfsync', 'always')
  const it = await openStoreAt(server.url)
  try {
    const tenant = it.tenant({ ttlSeconds: 600 })
    const first = await register(it.store, tenant, { email: 'ada@example.com' })
    const second = await register(it.store, tenant, { email: 'ada@example.com', token: 'second' })
    expect(await verify(it.store, tenant, first.number)).toEqual(WRONG)
    const kept = await register(it.store, tenant, { email: 'bob@example.com', token: 'kept' })
    const verified = await verify(it.store, tenant, second.number)
    expect(verified).toMatchObject({ verification: { token: 'second' } })
    expect(await verify(it.store, tenant, second.number)).toEqual(WRONG)
    // Each key has an end.
    const keys = await it.redis.keys('ea:{*')
    const ends = await Promise.all(keys.map((key) => it.redis.pttl(key)))
    expect(ends.length).toBeGreaterThan(2)
    expect(ends).not.toContain(-1)

    await it.close()
    await server.restart()
    const again = await openStoreAt(server.url, { secret: it.secret })
    const later = await verify(again.store, tenant, kept.number)
    expect(later).toMatchObject({ verification: { token: 'kept' } })
    await again.close()
  } finally {
    await it.close()
    await server.stop()
  }
})
