import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { type FaultProxy, startFaultProxy } from '@emailauth/testing/fault-proxy'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { startSentinel } from '@emailauth/testing/redis-sentinel'
import { Worker } from 'bullmq'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createJobQueue, type JobQueue, QUEUE_TIMES } from './job-queue.ts'

type Work = { readonly of: string }

let redis: TestRedis
let proxy: FaultProxy
const queues: JobQueue<Work>[] = []
beforeEach(async () => {
  redis = await startRedis()
  proxy = await startFaultProxy(redis.port)
})
afterEach(async () => {
  process.kill(redis.pid, 'SIGCONT')
  proxy.set('none')
  for (const queue of queues.splice(0)) {
    await queue.stop()
    await queue.close()
  }
  await proxy.stop()
  await redis.stop()
})

function open(url = redis.url, times: Partial<typeof QUEUE_TIMES> = {}): JobQueue<Work> {
  const queue = createJobQueue<Work>('test', {
    concurrency: 2,
    redisUrl: url,
    logger: undefined,
    times: { ...QUEUE_TIMES, ...times },
  })
  queues.push(queue)
  return queue
}

const add = ({ jobs }: JobQueue<Work>, of: string) => jobs.add('test', { of }, { jobId: of })
/** Far longer than any time-out; a call that waits for ever fails its test. */
const LONG_MS = 30_000

test(
  'calls to a Redis that hangs fail, and work again when it goes on',
  async () => {
    const queue = open()
    await eventually(() => add(queue, 'first'))
    process.kill(redis.pid, 'SIGSTOP')
    const calls = [add(queue, 'second'), queue.jobs.count(), queue.jobs.getJob('first')]
    const ends = await Promise.allSettled(calls)
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    // Nothing waits until it goes on either, however often it is called.
    await expect(add(queue, 'third')).rejects.toThrow()
    process.kill(redis.pid, 'SIGCONT')
    await eventually(async () => expect(await add(queue, 'fourth')).toBeDefined(), LONG_MS)
  },
  LONG_MS,
)

test(
  'a worker whose connections fell silent takes jobs by new ones',
  async () => {
    const far = open(`redis://127.0.0.1:${proxy.port}`, { blockMs: 3000, waitSeconds: 2 })
    const done: string[] = []
    far.start(async ({ data }) => void done.push(data.of))
    const near = open()
    await eventually(() => add(near, 'before'))
    await eventually(() => expect(done).toEqual(['before']))
    // The job's end is recorded too, since BullMQ would try that again each 15 s, before the next job.
    await eventually(async () => expect(await near.jobs.getActiveCount()).toBe(0))
    // No end of a connection is told, as when a host is cut off for good.
    proxy.freeze()
    await add(near, 'after')
    await eventually(() => expect(done).toContain('after'), LONG_MS)
    await eventually(async () => expect(await far.jobs.count()).toBe(0), LONG_MS)
  },
  2 * LONG_MS,
)

test(
  'a worker goes on after Redis hung for longer than its time-outs',
  async () => {
    const queue = open()
    const done: string[] = []
    queue.start(async ({ data }) => void done.push(data.of))
    await eventually(() => add(queue, 'before'))
    await eventually(() => expect(done).toEqual(['before']))
    process.kill(redis.pid, 'SIGSTOP')
    // Each takes the time-out of a call, so that the worker's passes too.
    for (const name of ['lost', 'too']) await expect(add(queue, name)).rejects.toThrow()
    process.kill(redis.pid, 'SIGCONT')
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
      const queue = open(sentinel.url.replace('//', `//127.0.0.1:${port},`))
      const done: string[] = []
      queue.start(async ({ data }) => void done.push(data.of))
      await eventually(() => add(queue, 'first'), LONG_MS)
      await eventually(() => expect(done).toEqual(['first']), LONG_MS)
      await queue.stop()
      await queue.close()
      queues.splice(0)
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
    const dead = open(`redis://127.0.0.1:${proxy.port}`)
    const near = open()
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
    proxy.set('refused')
    proxy.cut()
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
  const { opts } = open().jobs
  expect(opts).toMatchObject({
    streams: { events: { maxLen: 100 } },
    defaultJobOptions: { backoff: { type: 'fixed', delay: 2000 } },
  })
})

test('a job is locked for 6 s on the clock of Redis', async () => {
  const queue = open()
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
  const lock = Number(await redisCommand(redis.port, 'pttl', '{ea:mail}:test:one:lock'))
  // The lock is renewed when half of its time is over.
  expect(lock).toBeGreaterThan(1000)
  expect(lock).toBeLessThanOrEqual(6000)
  end()
  await eventually(async () => expect(await queue.jobs.count()).toBe(0))
})

test('closing waits for a job that does not end only as long as it may', async () => {
  const queue = open(redis.url, { stopMs: 20 })
  let begun = 0
  let end = () => {}
  const endless = new Promise<void>((resolve) => {
    end = resolve
  })
  queue.start(async () => {
    begun += 1
    await endless
  })
  await eventually(() => add(queue, 'endless'))
  await eventually(() => expect(begun).toBe(1))
  await queue.stop()
  // BullMQ's worker would renew the lock for ever.
  end()
})

test('closing hardly waits for a Redis that hangs', async () => {
  const queue = open(redis.url, { stopMs: LONG_MS, closeMs: 20 })
  const done: string[] = []
  queue.start(async ({ data }) => void done.push(data.of))
  await eventually(() => add(queue, 'first'))
  await eventually(() => expect(done).toEqual(['first']))
  process.kill(redis.pid, 'SIGSTOP')
  const askedAt = performance.now()
  await queue.stop()
  await queue.close()
  expect(performance.now() - askedAt).toBeLessThan(LONG_MS / 2)
})

test('a job that Redis handed out before closing began, and that begins after it, is waited for', async () => {
  const near = open()
  // Held replies are no hung Redis here.
  const far = open(`redis://127.0.0.1:${proxy.port}`, { closeMs: 20, workMs: LONG_MS })
  const ends = new Map<string, () => void>()
  const done: string[] = []
  far.start(async ({ data: { of } }) => {
    await new Promise<void>((resolve) => void ends.set(of, resolve))
    // Far longer than `closeMs`.
    if (of === 'third') await wait(300)
    done.push(of)
  })
  // It works on two at a time, and asks for the third one as it records the end of the first.
  for (const of of ['first', 'second', 'third']) await eventually(() => add(near, of))
  await eventually(() => expect([...ends.keys()]).toEqual(['first', 'second']), LONG_MS)
  proxy.set('no-replies')
  ends.get('first')?.()
  await eventually(async () => expect(await near.jobs.getJobState('third')).toBe('active'))
  const stopped = far.stop()
  proxy.set('none')
  await eventually(() => expect(ends.has('third')).toBe(true))
  for (const end of ends.values()) end()
  await stopped
  expect(done).toEqual(['first', 'second', 'third'])
})

test('a stop whose worker fails to close does not fail, and is asked for once', async () => {
  const queue = open()
  queue.start(async () => {})
  const close = vi.spyOn(Worker.prototype, 'close').mockRejectedValueOnce(new Error('not closed'))
  onTestFinished(() => close.mockRestore())
  await Promise.all([queue.stop(), queue.stop()])
  await queue.stop()
  expect(close).toHaveBeenCalledOnce()
  // Closes what the test has left open.
  const [worker] = close.mock.contexts
  if (worker instanceof Worker) await worker.close(true)
})
