import { type MetricReading, writeMetrics } from './joined-metrics.ts'
import { type MessageReceiver, sendToWorker } from './messages.ts'

/** Collects the metrics of all workers for the one that was asked. */
export interface MetricsCollector {
  /** @returns the text of all who answer in time; each value has the number of its process as a label. */
  collect(name: string, workers: ReadonlyMap<number, MessageReceiver>): Promise<string>
  /** Takes what a worker has read. */
  take(id: number, worker: MessageReceiver, readings: readonly MetricReading[]): void
}

/** A worker that is ending, or has much to do, is left out after this time: less than a scrape may take. */
const MOST_MS = 3000

interface Collection {
  readonly missing: Map<MessageReceiver, number>
  readonly readings: MetricReading[]
  finish(): void
}

export function createMetricsCollector(): MetricsCollector {
  const running = new Map<number, Collection>()
  let nextId = 0

  return {
    async collect(name, workers) {
      const id = nextId++
      const missing = new Map([...workers].map(([number, worker]) => [worker, number]))
      const readings: MetricReading[] = []
      await new Promise<void>((finish) => {
        setTimeout(finish, MOST_MS).unref()
        running.set(id, { missing, readings, finish })
        for (const worker of missing.keys()) sendToWorker(worker, { emailauth: 'read', id, name })
      })
      running.delete(id)
      return writeMetrics(readings)
    },
    take(id, worker, readings) {
      const collection = running.get(id)
      const number = collection?.missing.get(worker)
      if (collection === undefined || number === undefined) return
      collection.missing.delete(worker)
      collection.readings.push(...ofProcess(number, readings))
      if (collection.missing.size === 0) collection.finish()
    },
  }
}

/** Adds the number of a process to what was read there, so that no two values have the same labels. */
function ofProcess(number: number, readings: readonly MetricReading[]): MetricReading[] {
  return readings.map((metric) => ({
    ...metric,
    values: metric.values.map((value) => ({ ...value, labels: { ...value.labels, process: number } })),
  }))
}
