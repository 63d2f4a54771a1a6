import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { eventually } from '@emailauth/testing/eventually'
import { redisCommand } from '@emailauth/testing/redis-command'
import { startSentinel } from '@emailauth/testing/redis-sentinel'
import { expect, test } from 'vitest'
import { QUEUE_TIMES } from '../../src/queue/job-queue.ts'
import { add, LONG_MS, useQueues } from './queues.ts'

const queues = useQueues()

test(
  'calls to a Redis that hangs fail, and work again when it goes on',
  async () => {
    const queue = queues.open()
    await eventually(() => add(queue, 'first'))
    process.kill(queues.redis.pid, 'SIGSTOP')
    const calls = [add(queue, 'second'), queue.jobs.count(), queue.jobs.getJob('first')]
    const ends = await Promise.allSettled(calls)
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    // Nothing waits until it goes on either, however often it is called.
    await expect(add(queue, 'third')).rejects.toThrow()
    process.kill(queues.redis.pid, 'SIGCONT')
    await eventually(async () => expect(await add(queue, 'fourth')).toBeDefined(), LONG_MS)
  },
  LONG_MS,
)

test(
  'a worker whose connections fell silent takes jobs by new ones',
  async () => {
    const far = queues.open(`redis://127.0.0.1:${queues.proxy.port}`, { blockMs: 3000, waitSeconds: 2 })
    const done: string[] = []
    far.start(async ({ data }) => void done.push(data.of))
    const near = queues.open()
    await eventually(() => add(near, 'before'))
    await eventually(() => expect(done).toEqual(['before']))
    // The job's end is recorded too, since BullMQ would try that again each 15 s, before the next job.
    await eventually(async () => expect(await near.jobs.getActiveCount()).toBe(0))
    // No end of a connection is told, as when a host is cut off for good.
    queues.proxy.freeze()
    await add(near, 'after')
    await eventually(() => expect(done).toContain('after'), LONG_MS)
    await eventually(async () => expect(await far.jobs.count()).toBe(0), LONG_MS)
  },
  2 * LONG_MS,
)

test(
  'a worker goes on after Redis hung for longer than its time-outs',
  async () => {
    const queue = queues.open()
    const done: string[] = []
    queue.start(async ({ data }) => void done.push(data.of))
    await eventually(() => add(queue, 'before'))
    await eventually(() => expect(done).toEqual(['before']))
    process.kill(queues.redis.pid, 'SIGSTOP')
    // Each takes the time-out of a call, so that the worker's passes too.
    for (const name of ['lost', 'too']) await expect(add(queue, name)).rejects.toThrow()
    process.kill(queues.redis.pid, 'SIGCONT')
    await eventually(() => add(queue, 'after'), LONG_MS)
    await eventually(() => expect(done).toContain('after'), LONG_MS)
  },
  2 * LONG_MS,
)

test(
  'a Sentinel that hangs is skipped',
  async () => {
    const sentinel = await startSentinel()
    const hung = createServer(() => {}).listen(0, '127.0.0.1')
    await once(hung, 'listening')
    const { port } = hung.address() as AddressInfo
    try {
      const queue = queues.open(sentinel.url.replace('//', `//127.0.0.1:${port},`))
      const done: string[] = []
      queue.start(async ({ data }) => void done.push(data.of))
      await eventually(() => add(queue, 'first'), LONG_MS)
      await eventually(() => expect(done).toEqual(['first']), LONG_MS)
      await queues.endAll()
    } finally {
      hung.close()
      await sentinel.stop()
    }
  },
  3 * LONG_MS,
)

test(
  'a job of a mailer that died is worked on by another, once its lock has run out',
  async () => {
    const dead = queues.open(`redis://127.0.0.1:${queues.proxy.port}`)
    const near = queues.open()
    const begun: string[] = []
    dead.start(async () => {
      begun.push('dead')
      await new Promise(() => {})
    })
    expect(await near.takeOverStalled()).toBe('idle')
    await eventually(() => add(near, 'left'))
    await eventually(() => expect(begun).toEqual(['dead']), LONG_MS)
    expect(await near.takeOverStalled()).toBe('busy')
    // The worker would renew its lock as long as it lives.
    queues.proxy.set('refused')
    queues.proxy.cut()
    near.start(async ({ data }) => void begun.push(data.of))
    await eventually(async () => {
      await near.takeOverStalled()
      expect(begun).toEqual(['dead', 'left'])
    }, LONG_MS)
    await eventually(async () => expect(await near.takeOverStalled()).toBe('idle'), LONG_MS)
  },
  3 * LONG_MS,
)

test('the clocks of a queue', () => {
  expect(QUEUE_TIMES).toEqual({
    lockMs: 6000,
    stalledCheckMs: 2000,
    callMs: 2000,
    workMs: 3000,
    waitSeconds: 10,
    blockMs: 15_000,
    stopMs: 7000,
    closeMs: 1500,
  })
})

test('a job that failed is tried again after 2 s, and some 100 events are kept', () => {
  const { opts } = queues.open().jobs
  expect(opts).toMatchObject({
    streams: { events: { maxLen: 100 } },
    defaultJobOptions: { backoff: { type: 'fixed', delay: 2000 } },
  })
})

test('a job is locked for 6 s on the clock of Redis', async () => {
  const queue = queues.open()
  let end = () => {}
  const ended = new Promise<void>((done) => {
    end = done
  })
  let begun = 0
  queue.start(async () => {
    begun += 1
    await ended
  })
  await eventually(() => add(queue, 'one'))
  await eventually(() => expect(begun).toBe(1))
  const lock = Number(await redisCommand(queues.redis.port, 'pttl', '{ea:mail}:test:one:lock'))
  // The lock is renewed when half of its time is over.
  expect(lock).toBeGreaterThan(1000)
  expect(lock).toBeLessThanOrEqual(6000)
  end()
  await eventually(async () => expect(await queue.jobs.count()).toBe(0))
})
