import { setMaxListeners } from 'node:events'
import type { Registry } from 'prom-client'
import type { Logger } from '../logging/logger.ts'
import { createTroubleLog, type TroubleLines } from '../logging/trouble-log.ts'
import { AT_REST_MS, type Exactness, pauseUnlessAborted } from '../timing/aligned-timer.ts'
import { createTaskMetrics, type ObserveRound } from './task-metrics.ts'

/** Work that is repeated in the background. */
export interface ScheduledTask {
  /** Names it in metrics and logs. */
  readonly name: string
  /**
   * From one start to the next, in ms. Each pause is up to a tenth shorter or longer, and ends together with
   * others of this process (see `aligned-timer.ts`).
   */
  readonly everyMs: number
  /** One round. `true`: there may be more, so the next round follows at once. */
  readonly run: (round: Round) => Promise<unknown>
  /** Log lines of rounds that fail, and of the first one that succeeds again. */
  readonly logLines: TroubleLines
  /** Failures in a row before one is logged. A restart of a service causes a few. Default: 1. */
  readonly faultsLogged?: number
  /** Pause after a round that failed. Default: `everyMs`. */
  readonly afterFaultMs?: number
  /** true: the first round begins at once. Default: after the first pause. */
  readonly startsAtOnce?: boolean
}

/** A round of a task. */
export interface Round {
  /** Aborts when the scheduler closes. A round that waits for something then returns. */
  readonly signal: AbortSignal
  /**
   * Call it before you move what was leased. If the move fails, a later round without a lease does not count
   * as a recovery, because another process may hold that lease.
   */
  readonly leased: () => void
  /**
   * Call it when there is nothing to do for this many ms. The next round begins after that time and half of
   * `everyMs`, or after {@link AT_REST_MS} if that is sooner, because others may have added something.
   */
  readonly rest: (untilMs?: number) => void
}

/** Repeats tasks until it is closed. Rounds of one task never overlap. */
export interface Scheduler {
  add(task: ScheduledTask): void
  /** Counts and times all rounds in these metrics, from now on. */
  measure(registry: Registry): void
  /** Starts no more rounds and waits for those that run. */
  close(): Promise<void>
}

interface SchedulerOptions {
  readonly logger: Pick<Logger, 'info' | 'warn'> | undefined
  /** For tests: from 0 to 1, spreads the pauses. */
  readonly random?: () => number
  /** For tests: waits for so many ms, or until the signal aborts. */
  readonly pause?: (ms: number, signal: AbortSignal, exactness?: Exactness) => Promise<void>
}

interface Pause {
  readonly ms: number
  readonly exactness?: Exactness
}

/** How much longer or shorter a pause may be, so that processes that start together do not stay in step. */
const JITTER = 0.1

export function createScheduler({
  logger,
  random = Math.random,
  pause = pauseUnlessAborted,
}: SchedulerOptions): Scheduler {
  const closing = new AbortController()
  const { signal } = closing
  // Each task and each call of a round listens.
  setMaxListeners(0, signal)
  const running: Promise<void>[] = []
  let observe: ObserveRound = () => {}

  const spread = (ms: number) => ms * (1 + JITTER * (2 * random() - 1))

  /** Answers a function that runs one round, and says how long to pause after it. */
  function roundsOf(task: ScheduledTask): () => Promise<Pause> {
    const { name, everyMs, afterFaultMs = everyMs } = task
    const history = createHistory(task, logger)
    return async () => {
      const startedAt = performance.now()
      const tookMs = () => performance.now() - startedAt
      let hasLeased = false
      const leased = () => {
        hasLeased = true
      }
      let restMs: number | undefined
      const rest = (untilMs = AT_REST_MS) => {
        restMs = untilMs
      }
      try {
        const hasMore = await task.run({ signal, leased, rest })
        observe(name, true, tookMs() / 1000)
        history.well(hasLeased)
        if (hasMore === true) return { ms: 0 }
        if (restMs !== undefined) return pauseOfRest(restMs, everyMs)
        return { ms: Math.max(0, spread(everyMs) - tookMs()) }
      } catch (error) {
        // A round that closing cut short has not failed.
        if (signal.aborted) return { ms: 0 }
        observe(name, false, tookMs() / 1000)
        history.fault(error, hasLeased)
        return { ms: spread(afterFaultMs) }
      }
    }
  }

  async function repeat(task: ScheduledTask): Promise<void> {
    const round = roundsOf(task)
    let next: Pause = { ms: task.startsAtOnce === true ? 0 : spread(task.everyMs) }
    while (!signal.aborted) {
      await pause(next.ms, signal, next.exactness)
      if (!signal.aborted) next = await round()
    }
  }

  return {
    add: (task) => void running.push(repeat(task)),

    measure(registry) {
      observe = createTaskMetrics(registry)
    },

    async close() {
      closing.abort()
      await Promise.all(running)
    },
  }
}

function pauseOfRest(restMs: number, everyMs: number): Pause {
  if (restMs >= AT_REST_MS) return { ms: AT_REST_MS, exactness: 'at the latest' }
  return { ms: Math.max(everyMs / 2, restMs), exactness: 'not before' }
}

/** Logs how the rounds of a task end. */
function createHistory(
  { name, logLines, faultsLogged = 1 }: ScheduledTask,
  logger: SchedulerOptions['logger'],
) {
  const log = createTroubleLog(logger, logLines)
  let faults = 0
  /** The move of what was leased has failed, and no later one has succeeded. */
  let isRefused = false
  return {
    well(hasLeased: boolean): void {
      if (hasLeased) isRefused = false
      if (isRefused) return
      faults = 0
      log.well()
    },
    fault(error: unknown, hasLeased: boolean): void {
      if (hasLeased) isRefused = true
      faults += 1
      if (faults >= faultsLogged) log.fault({ err: error, task: name })
    },
  }
}
