import { SERVICE_CONNECTIONS } from '@emailauth/service/http/connection-limits'
import { MAX_WAITING_READS } from '@emailauth/service/http/read-lane'
import { documentedBounds } from '@emailauth/testing/documented-bounds'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { expect, test } from 'vitest'
import { MAX_CONNECTIONS, MAX_CONNECTIONS_OF_ONE, REPORT_RATE } from '../../src/bounces/bounce-listener.ts'
import { CONCURRENCY as RETRIES } from '../../src/delivery/retry-queue.ts'
import { MAX_OPEN } from '../../src/mailer-options.ts'
import { DEFAULT_RELAY_LIMITS as RELAY } from '../../src/relays/relay-limits.ts'
import { OWN_RELAY_LIMITS, OWN_RELAYS } from '../../src/relays/relays.ts'
import { TRIES_AT_ONCE } from '../../src/setup/relay-tries.ts'
import { CONCURRENCY as ENDPOINTS } from '../../src/webhooks/webhook-queue.ts'
import { runMailer } from '../running-mailer.ts'

/** Those of both queues come when their workers begin. */
async function countRedisConnections(): Promise<number> {
  const redis = await startRedis()
  try {
    const mailer = await runMailer(redis.url, 'smtp://127.0.0.1:1')
    const isBlocked = (line: string) => line.includes('cmd=bzpopmin')
    const lines = await eventually(async () => {
      const clients = (await redisCommand(redis.port, 'client', 'list')).trim().split('\n')
      expect(clients.filter(isBlocked)).toHaveLength(2)
      return clients
    }, 30_000)
    await mailer.close()
    return lines.filter((line) => !line.includes('cmd=client')).length
  } finally {
    await redis.stop()
  }
}

test('docs/deployment/processes.md lists what each process of the mailer bounds by itself', async () => {
  expect(REPORT_RATE.windowMs).toBe(60_000)
  expect(await documentedBounds('mailer')).toEqual({
    connections: [SERVICE_CONNECTIONS.most],
    'long reads that wait for their turn; one runs': [MAX_WAITING_READS],
    'mails that are being sent': [MAX_OPEN],
    'connections to a relay (`?connections=`); slow ones beside them; mails that wait for one': [
      RELAY.maxSessions,
      RELAY.maxSlow,
      RELAY.maxWaiting,
    ],
    'the same to a relay of a tenant’s own; such relays': [
      OWN_RELAY_LIMITS.maxSessions,
      OWN_RELAY_LIMITS.maxSlow,
      RELAY.maxWaiting,
      OWN_RELAYS,
    ],
    'relays being tried': [TRIES_AT_ONCE],
    'later attempts at a time; webhook endpoints at a time': [RETRIES, ENDPOINTS],
    'connections with reports of failed deliveries; of one client; its reports in a minute': [
      MAX_CONNECTIONS,
      MAX_CONNECTIONS_OF_ONE,
      REPORT_RATE.most,
    ],
    'connections to one Redis': [await countRedisConnections()],
  })
})
