import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { Worker } from 'bullmq'
import { expect, onTestFinished, test, vi } from 'vitest'
import { add, LONG_MS, useQueues } from './queues.ts'

const queues = useQueues()

test('closing waits for a job that does not end only as long as it may', async () => {
  const queue = queues.open(queues.redis.url, { stopMs: 20 })
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
  const queue = queues.open(queues.redis.url, { stopMs: LONG_MS, closeMs: 20 })
  const done: string[] = []
  queue.start(async ({ data }) => void done.push(data.of))
  await eventually(() => add(queue, 'first'))
  await eventually(() => expect(done).toEqual(['first']))
  process.kill(queues.redis.pid, 'SIGSTOP')
  const askedAt = performance.now()
  await queue.stop()
  await queue.close()
  expect(performance.now() - askedAt).toBeLessThan(LONG_MS / 2)
})

test('a job that Redis handed out before closing began, and that begins after it, is waited for', async () => {
  const near = queues.open()
  // Held replies are no hung Redis here.
  const far = queues.open(`redis://127.0.0.1:${queues.proxy.port}`, { closeMs: 20, workMs: LONG_MS })
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
  queues.proxy.set('no-replies')
  ends.get('first')?.()
  await eventually(async () => expect(await near.jobs.getJobState('third')).toBe('active'))
  const stopped = far.stop()
  queues.proxy.set('none')
  await eventually(() => expect(ends.has('third')).toBe(true))
  for (const end of ends.values()) end()
  await stopped
  expect(done).toEqual(['first', 'second', 'third'])
})

test('a stop whose worker fails to close does not fail, and is asked for once', async () => {
  const queue = queues.open()
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
