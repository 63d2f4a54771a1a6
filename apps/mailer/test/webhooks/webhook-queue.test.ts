import { eventually } from '@emailauth/testing/eventually'
import { startMovingName } from '@emailauth/testing/moving-name'
import { startRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { expect, test } from 'vitest'
import { createWebhookQueue } from '../../src/webhooks/webhook-queue.ts'

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

test('five tenants with 20 endpoints that hang leave places for the endpoint of another', async () => {
  const server = await startRedis()
  const queue = createWebhookQueue(server.url, undefined, Date.now)
  let release = () => {}
  const released = new Promise<undefined>((resolve) => {
    release = () => resolve(undefined)
  })
  const hanging = new Set<string>()
  const worked = new Set<string>()
  try {
    queue.start(async (endpointId) => {
      if (endpointId.startsWith('demo.')) return void worked.add(endpointId)
      hanging.add(endpointId)
      return released
    })
    const endpoints = ['a', 'b', 'c', 'd', 'e'].flatMap((tenant) =>
      Array.from({ length: 20 }, (_, n) => `hog-${tenant}.wh_${n}`),
    )
    for (const id of endpoints) await queue.ensure(id, id)
    // So many may hang at once: no tenant has more than are free.
    await eventually(() => expect(hanging.size).toBeGreaterThanOrEqual(80), 30_000)
    await queue.ensure('demo.wh_1', 'w1')
    await eventually(() => expect([...worked]).toEqual(['demo.wh_1']), 30_000)
    expect(hanging.size).toBeLessThan(100)
    release()
    await eventually(() => expect(hanging.size).toBe(100), 30_000)
  } finally {
    release()
    await queue.stop()
    await queue.close()
    await server.stop()
  }
})
