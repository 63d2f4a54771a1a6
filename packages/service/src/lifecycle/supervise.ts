import cluster, { type Worker } from 'node:cluster'
import type { Logger } from '../logging/logger.ts'
import { createMetricsCollector } from '../processes/collect-metrics.ts'
import { type FromWorker, isOurs, sendToWorker } from '../processes/messages.ts'
import { restartDelayMs, WELL_AFTER_MS } from './restart-delay.ts'
import { SHUTDOWN_MS } from './run.ts'

export interface SuperviseOptions {
  readonly processes: number
  /** How long a worker goes on working after SIGTERM. */
  readonly drainSeconds: number
  readonly logger: Logger
}

/** A place for one process, whose number stays when another process takes it. */
interface Slot {
  readonly number: number
  worker: Worker | undefined
  hasStarted: boolean
  beganAt: number
  deathsInARow: number
}

/** On top of the time that a worker takes for its own shutdown. */
const GRACE_MS = 2000

/** When a worker that hangs is killed, from the beginning of the shutdown. */
export function killAfterMs(drainSeconds: number): number {
  return drainSeconds * 1000 + SHUTDOWN_MS + GRACE_MS
}

/**
 * Runs a service in several workers that share its listener, and does no other work in this process. A worker
 * that ends is started again. SIGTERM and SIGINT end all workers, and this process after them. The workers
 * end at once when this process is gone.
 */
export function supervise({ processes, drainSeconds, logger }: SuperviseOptions): void {
  const metrics = createMetricsCollector()
  const slots = Array.from(
    { length: processes },
    (_, i): Slot => ({
      number: i + 1,
      worker: undefined,
      hasStarted: false,
      beganAt: 0,
      deathsInARow: 0,
    }),
  )
  let areAllWanted = false
  let isEnding = false
  let exitCode = 0

  function start(slot: Slot): void {
    if (isEnding) return
    const worker = cluster.fork()
    slot.worker = worker
    slot.hasStarted = false
    slot.beganAt = performance.now()
    worker.on('message', (message: unknown) => {
      if (isOurs<FromWorker>(message)) void receive(slot, worker, message)
    })
    // A channel that breaks is followed by the worker's end.
    worker.on('error', () => {})
    worker.once('exit', (code, signal) => hasEnded(slot, code, signal))
  }

  async function receive(slot: Slot, worker: Worker, message: FromWorker): Promise<void> {
    if (message.emailauth === 'started') {
      slot.hasStarted = true
      // Start the others only now, so that an invalid environment is reported by the first one alone.
      if (!areAllWanted) {
        areAllWanted = true
        for (const other of slots.slice(1)) start(other)
      }
    } else if (message.emailauth === 'reading') {
      metrics.take(message.id, worker, message.readings)
    } else {
      const running = slots.flatMap(({ number, worker, hasStarted }): [number, Worker][] =>
        worker !== undefined && hasStarted ? [[number, worker]] : [],
      )
      const text = await metrics.collect(message.name, new Map(running))
      sendToWorker(worker, { emailauth: 'collected', id: message.id, text })
    }
  }

  function hasEnded(slot: Slot, code: number | null, signal: string | null): void {
    slot.worker = undefined
    if (!areAllWanted && !isEnding) {
      exitCode = code || 1
      isEnding = true
    }
    if (isEnding) {
      if (slots.every(({ worker }) => worker === undefined)) process.exit(exitCode)
      return
    }
    const wasWell = performance.now() - slot.beganAt > WELL_AFTER_MS
    slot.deathsInARow = wasWell ? 1 : slot.deathsInARow + 1
    const delayMs = Math.round(restartDelayMs(slot.deathsInARow))
    logger.error({ process: slot.number, code, signal, delayMs }, 'a process ended; it is started again')
    setTimeout(() => start(slot), delayMs)
  }

  function end(reason: string): void {
    const workers = slots.flatMap(({ worker, hasStarted }) => (worker ? [{ worker, hasStarted }] : []))
    if (workers.length === 0) process.exit(exitCode)
    for (const { worker, hasStarted } of workers) {
      if (!hasStarted) worker.process.kill('SIGKILL')
      else sendToWorker(worker, isEnding ? { emailauth: 'hurry' } : { emailauth: 'end', reason })
    }
    if (isEnding) return
    isEnding = true
    logger.info({ reason, processes: workers.length }, 'all processes shut down')
    setTimeout(() => {
      exitCode = 1
      for (const { worker } of slots) worker?.process.kill('SIGKILL')
    }, killAfterMs(drainSeconds)).unref()
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(signal))
  if (process.connected) process.once('disconnect', () => end('parent gone'))
  for (const slot of slots.slice(0, 1)) start(slot)
}
