import { eventually } from '@emailauth/testing/eventually'
import { startMovingName } from '@emailauth/testing/moving-name'
import { startRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { expect, test } from 'vitest'
import { createWebhookQueue } from './webhook-queue.ts'

test('a Redis whose INFO is renamed away has a queue that works', async () => {
  const server = await startRedis('--rename-command', 'INFO', '')
  const queue = createWebhookQueue(server.url, undefined, Date.now)
  const worked: string[] = []
  try {
    queue.start(async (_endpointId, job) => {
      worked.push(job)
      return undefined
    })
    await eventually(() => queue.ensure('demo.wh_1', 'w1'))
    await eventually(() => expect(worked).toContain('w1'))
  } finally {
    await queue.stop()
    await queue.close()
    await server.stop()
  }
})

test('after a failover behind one name the queue takes jobs and works on them, without a restart', async () => {
  const [first, second] = [await startRedis(), await startRedis()]
  const name = await startMovingName(first.port)
  const queue = createWebhookQueue(name.url, undefined, Date.now)
  const worked: string[] = []
  try {
    queue.start(async (_endpointId, job) => {
      worked.push(job)
      return undefined
    })
    await eventually(() => queue.ensure('demo.wh_1', 'w1'))
    await eventually(() => expect(worked).toContain('w1'))
    await redisCommand(first.port, 'replicaof', '127.0.0.1', String(second.port))
    name.leadTo(second.port)
    await eventually(() => queue.ensure('demo.wh_1', 'w2'), 20_000)
    await eventually(() => expect(worked).toContain('w2'), 40_000)
  } finally {
    await queue.stop()
    await queue.close()
    name.stop()
    await Promise.all([first.stop(), second.stop()])
  }
})
