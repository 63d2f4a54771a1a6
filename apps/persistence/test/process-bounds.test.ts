import { SERVICE_CONNECTIONS } from '@emailauth/service/connection-limits'
import { createLogger } from '@emailauth/service/logger'
import { MAX_WAITING_READS } from '@emailauth/service/read-lane'
import { documentedBounds } from '@emailauth/testing/documented-bounds'
import { startRedis } from '@emailauth/testing/redis'
import { redisCli } from '@emailauth/testing/redis-cli'
import { sharedEnv } from '@emailauth/testing/services'
import { expect, test } from 'vitest'
import { persistenceEnvironment } from '../src/config.ts'
import { openPersistence } from '../src/open-persistence.ts'
import { MOST_TENANTS } from '../src/tenants/tenant-store.ts'

async function countRedisConnections(): Promise<number> {
  const redis = await startRedis()
  try {
    const given: Record<string, string> = sharedEnv(redis.url)
    const config = Object.fromEntries(
      Object.entries(persistenceEnvironment).map(([name, shape]) => [name, shape.parse(given[name])]),
    )
    const service = await openPersistence({
      config: config as never,
      logger: createLogger('persistence', 'silent'),
      listener: { tls: undefined, metricsPublic: false },
    })
    const clients = await redisCli(redis.port, 'client', 'list')
    await service.close()
    return clients
      .trim()
      .split('\n')
      .filter((line) => !line.includes('cmd=client')).length
  } finally {
    await redis.stop()
  }
}

test('docs/deployment.md lists what each process of persistence bounds by itself', async () => {
  expect(await documentedBounds('persistence')).toEqual({
    connections: [SERVICE_CONNECTIONS.most],
    'long reads that wait for their turn; one runs': [MAX_WAITING_READS],
    'remembered tenants': [MOST_TENANTS],
    'connections to one Redis': [await countRedisConnections()],
  })
})
