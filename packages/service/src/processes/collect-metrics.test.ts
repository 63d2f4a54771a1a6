import { Counter, Registry } from 'prom-client'
import { afterEach, expect, test, vi } from 'vitest'
import { createMetricsCollector } from './collect-metrics.ts'
import { readMetrics } from './joined-metrics.ts'
import type { MessageReceiver, ToWorker } from './messages.ts'

afterEach(() => vi.useRealTimers())

/** A worker that keeps what it is sent, or that has gone. */
function createWorker(isConnected = true) {
  const received: ToWorker[] = []
  const worker: MessageReceiver = {
    isConnected: () => isConnected,
    send: (message) => received.push(message) > 0,
  }
  return { worker, received }
}

async function reading(value: number) {
  const registry = new Registry()
  registry.setDefaultLabels({ service: 'test' })
  new Counter({ name: 'calls_total', help: 'Calls.', registers: [registry] }).inc(value)
  return readMetrics([registry])
}

test('the values of each process are there under its number, and none is summed or left out', async () => {
  const { collect, take } = createMetricsCollector()
  const [one, two] = [createWorker(), createWorker()]
  const text = collect(
    'test',
    new Map([
      [1, one.worker],
      [2, two.worker],
    ]),
  )
  const [question] = one.received
  expect(question).toMatchObject({ emailauth: 'read', name: 'test' })
  const id = question?.emailauth === 'read' ? question.id : -1
  take(id, two.worker, await reading(5))
  take(id, one.worker, await reading(3))
  // Twice, or from a stranger: it does not count.
  take(id, one.worker, await reading(100))
  take(id, createWorker().worker, await reading(100))
  expect(
    (await text)
      .split('\n')
      .filter((line) => line.startsWith('calls_total'))
      .sort(),
  ).toEqual(['calls_total{service="test",process="1"} 3', 'calls_total{service="test",process="2"} 5'])
})

test('a process that does not answer is left out after 3 s', async () => {
  vi.useFakeTimers()
  const { collect, take } = createMetricsCollector()
  const [one, hung] = [createWorker(), createWorker()]
  let text: string | undefined
  void collect(
    'test',
    new Map([
      [1, one.worker],
      [2, hung.worker],
    ]),
  ).then((found) => {
    text = found
  })
  take(0, one.worker, await reading(3))
  await vi.advanceTimersByTimeAsync(2900)
  expect(text).toBeUndefined()
  await vi.advanceTimersByTimeAsync(200)
  expect(text).toContain('calls_total{service="test",process="1"} 3')
  expect(text).not.toContain('process="2"')
})

test('a process that has gone is sent nothing', async () => {
  const gone = createWorker(false)
  vi.useFakeTimers()
  const collected = createMetricsCollector().collect('test', new Map([[1, gone.worker]]))
  await vi.runAllTimersAsync()
  await collected
  expect(gone.received).toEqual([])
})
