import cluster from 'node:cluster'
import type { TroubleLog } from '../logging/trouble-log.ts'
import type { MetricReading } from './joined-metrics.ts'
import { isOurs, sendToFirst, type ToWorker } from './messages.ts'

type Read = () => Promise<readonly MetricReading[]>

const reads = new Map<string, Read>()
const waiting = new Map<number, (text: string) => void>()
let nextId = 0

/**
 * Metrics of a service with several processes: any of them answers for all.
 * @param name the service's. Each process reads what it has under this name.
 * @param trouble reports what cannot be read
 * @returns the text of all processes; undefined: this process is the only one.
 */
export function metricsOfAllProcesses(
  name: string,
  read: Read,
  trouble: TroubleLog,
): (() => Promise<string>) | undefined {
  if (!cluster.isWorker) return undefined
  if (reads.size === 0) process.on('message', receive)
  reads.set(name, orNone(read, trouble))
  return () => {
    const id = nextId++
    return new Promise((resolve) => {
      waiting.set(id, resolve)
      sendToFirst({ emailauth: 'collect', id, name })
    })
  }
}

function receive(message: unknown): void {
  if (!isOurs<ToWorker>(message)) return
  if (message.emailauth === 'collected') {
    waiting.get(message.id)?.(message.text)
    waiting.delete(message.id)
  } else if (message.emailauth === 'read') {
    void sendReading(message.id, reads.get(message.name))
  }
}

async function sendReading(id: number, read: Read = async () => []): Promise<void> {
  sendToFirst({ emailauth: 'reading', id, readings: await read() })
}

/** Without a log line nobody would notice that this process is missing, because the others answer. */
export function orNone(read: Read, trouble: TroubleLog): Read {
  return async () => {
    try {
      const readings = await read()
      trouble.well()
      return readings
    } catch (error) {
      trouble.fault({ err: error })
      return []
    }
  }
}
