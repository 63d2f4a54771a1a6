import { SERVICE_CONNECTIONS } from '@emailauth/service/http/connection-limits'
import { MAX_WAITING_READS } from '@emailauth/service/http/read-lane'
import { documentedBounds } from '@emailauth/testing/documented-bounds'
import { startRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { expect, test } from 'vitest'
import { MOST_TENANTS } from '../../src/tenants/tenant-cache.ts'
import { openAsMain } from '../opened.ts'

async function countRedisConnections(): Promise<number> {
  const redis = await startRedis()
  try {
    const service = await openAsMain(redis.url)
    const clients = await redisCommand(redis.port, 'client', 'list')
    await service.close()
    return clients
      .trim()
      .split('\n')
      .filter((line) => !line.includes('cmd=client')).length
  } finally {
    await redis.stop()
  }
}

test('docs/deployment/processes.md lists what each process of persistence bounds by itself', async () => {
  expect(await documentedBounds('persistence')).toEqual({
    connections: [SERVICE_CONNECTIONS.most],
    'long reads that wait for their turn; one runs': [MAX_WAITING_READS],
    'remembered tenants': [MOST_TENANTS],
    'connections to one Redis': [await countRedisConnections()],
  })
})
