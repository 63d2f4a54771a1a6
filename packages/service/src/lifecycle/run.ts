import cluster from 'node:cluster'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { ConfigError } from '../config/config.ts'
import { errorCode } from '../error-code.ts'
import type { Logger } from '../logging/logger.ts'
import { stopMetricsExport } from '../metrics/metrics-export.ts'
import { isOurs, type ToWorker } from '../processes/messages.ts'
import { stopTracing } from '../telemetry/tracing.ts'

/** A listening service, and how to shut it down. */
export interface RunningService {
  readonly logger: Logger
  /** How long work continues after SIGTERM, while `/readyz` answers 503. */
  readonly drainSeconds: number
  /** Makes `/readyz` answer 503. */
  readonly drain: () => void
  /** Accepts no more work, waits for running work, closes connections. */
  readonly close: () => Promise<void>
}

/** A service that is built, and listens when its caller lets it. */
export interface OpenService extends RunningService {
  readonly app: FastifyInstance
}

/** Most time of a shutdown after the listener closes. */
export const SHUTDOWN_MS = 10_000
/** A start that goes on for longer after a signal waits for something, such as a Redis that is silent. */
export const START_MS_AFTER_SIGNAL = 1000

const SIGNALS = ['SIGTERM', 'SIGINT'] as const
const PARENT_GONE = 'parent gone'

/**
 * Starts a service. It ends on SIGTERM, SIGINT, or when a parent with an IPC channel is gone, also while it
 * starts. SIGTERM drains first; a second signal cuts that short. A failed start prints one line to stderr and
 * exits with code 78 where the environment is wrong, and 1 otherwise.
 */
export async function run(start: () => Promise<RunningService>): Promise<void> {
  const early = requestsDuringStart()
  let service: RunningService
  try {
    service = await start()
  } catch (error) {
    if (early.first() === undefined) return exitOfFailedStart(error)
    // It has nothing to do with the signal, and the next start will fail so too.
    process.stderr.write(`${startFault(error)}\n`)
    return early.leave()
  }
  const { logger, drainSeconds, drain } = service
  const hurry = new AbortController()
  let isEnding = false
  const end = async (reason: string) => {
    if (isEnding) {
      hurry.abort()
      return
    }
    isEnding = true
    drain()
    if (reason === 'SIGTERM' && drainSeconds > 0) {
      logger.info({ reason, drainSeconds }, 'draining')
      await wait(drainSeconds * 1000, undefined, { signal: hurry.signal }).catch(() => {})
    }
    logger.info({ reason }, 'shutting down')
    setTimeout(() => {
      logger.error({ seconds: SHUTDOWN_MS / 1000 }, 'the shutdown took too long: what still ran is cut off')
      process.exit(1)
    }, SHUTDOWN_MS).unref()
    await service.close()
    await Promise.all([stopTracing(), stopMetricsExport()])
    process.exit(0)
  }
  for (const signal of SIGNALS) process.on(signal, () => void end(signal))
  early.dispose()
  const asked = early.first()
  if (process.connected) process.once('disconnect', () => void end(PARENT_GONE))
  if (cluster.isWorker)
    process.on('message', (message) => {
      if (!isOurs<ToWorker>(message)) return
      // The signal itself may have come before, because service managers send it to every process.
      if (message.emailauth === 'end' && !isEnding) void end(message.reason)
      if (message.emailauth === 'hurry') hurry.abort()
    })
  process.on('unhandledRejection', (error) => {
    logger.fatal({ err: error }, 'unhandled rejection')
    process.exit(1)
  })
  // Node itself would print the error with all that libraries keep in it, such as a command with a password.
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught exception')
    process.exit(1)
  })
  if (asked !== undefined) void end(asked)
}

/**
 * Remembers that a service was asked to end while it starts, and lets the start end soon, so that mails that
 * it has taken up are handed over. The kernel drops a signal that nobody listens for in the first process of
 * a container.
 */
function requestsDuringStart() {
  let first: string | undefined
  let timer: NodeJS.Timeout | undefined
  const leave = () => {
    process.stderr.write(`The service ends while it starts (${first}).\n`)
    process.exit(0)
  }
  const receive = (reason: string) => {
    if (first !== undefined) return leave()
    first = reason
    timer = setTimeout(leave, START_MS_AFTER_SIGNAL)
  }
  const disconnected = () => receive(PARENT_GONE)
  for (const signal of SIGNALS) process.on(signal, receive)
  process.on('disconnect', disconnected)
  return {
    leave,
    first: () => first,
    dispose() {
      clearTimeout(timer)
      for (const signal of SIGNALS) process.off(signal, receive)
      process.off('disconnect', disconnected)
    },
  }
}

/** EX_CONFIG of sysexits.h. A service manager need not try again until somebody has changed a setting. */
const EXIT_OF_WRONG_SETTINGS = 78

/** Says in a line on stderr why a service does not start. */
export function exitOfFailedStart(error: unknown): never {
  process.stderr.write(`${startFault(error)}\n`)
  process.exit(error instanceof ConfigError ? EXIT_OF_WRONG_SETTINGS : 1)
}

function startFault(error: unknown): string {
  if (error instanceof ConfigError) return `The environment is not fit to start with:\n${error.message}`
  if (!(error instanceof Error)) return String(error)
  if (errorCode(error) === 'EADDRINUSE') return `The port is taken by another program (${error.message}).`
  if (errorCode(error) === 'EADDRNOTAVAIL')
    return `This machine has no such address to listen on (${error.message}).`
  return error.message
}
