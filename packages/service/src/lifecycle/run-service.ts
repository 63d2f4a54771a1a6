import cluster from 'node:cluster'
import type { LoadInfo } from '../bundle/load-bundle.ts'
import type { ConfigWarning } from '../config/warnings.ts'
import { createLogger, type Logger } from '../logging/logger.ts'
import { startMetricsExport } from '../metrics/metrics-export.ts'
import { sendToFirst } from '../processes/messages.ts'
import { startTracing } from '../telemetry/tracing.ts'
import { giveMemoryBackAtRest } from './memory-at-rest.ts'
import { exitOfFailedStart, type RunningService, run } from './run.ts'
import { supervise } from './supervise.ts'

/** What the environment says about a service's processes. The shapes are in `config.ts`. */
export interface ProcessVariables {
  readonly EMAILAUTH_PROCESSES: number
  readonly EMAILAUTH_DRAIN_SECONDS: number
  readonly EMAILAUTH_LOG_LEVEL: string
}

export interface ServiceOptions<Config extends ProcessVariables> {
  /** The service's name in log lines and traces. */
  readonly name: string
  /** Reads the environment. @throws {ConfigError} that names every fault. */
  readonly read: () => Config
  /** Looks for what may not be meant in the environment that `read` accepts. */
  readonly warnings: () => readonly ConfigWarning[]
  readonly start: (config: Config, logger: Logger) => Promise<RunningService>
}

/**
 * A service as its bundle exports it: a function that runs it as its environment says, in this process, or in
 * several that share its listener.
 */
export function defineService<Config extends ProcessVariables>({
  name,
  read,
  warnings,
  start,
}: ServiceOptions<Config>): (loaded: LoadInfo) => Promise<void> {
  return async ({ usedCodeCache }) => {
    let config: Config
    try {
      config = read()
    } catch (error) {
      return exitOfFailedStart(error)
    }
    const logger = createLogger(name, config.EMAILAUTH_LOG_LEVEL)
    const { EMAILAUTH_PROCESSES: processes, EMAILAUTH_DRAIN_SECONDS: drainSeconds } = config
    // The first process alone, or each of them would.
    if (cluster.isPrimary) for (const { variable, warning } of warnings()) logger.warn({ variable }, warning)
    if (processes > 1 && cluster.isPrimary) return supervise({ processes, drainSeconds, logger })
    await run(async () => {
      await Promise.all([startTracing(name), startMetricsExport(name)])
      return start(config, logger)
    })
    giveMemoryBackAtRest()
    logger.info({ startMs: Math.round(performance.now()), usedCodeCache }, 'started')
    if (cluster.isWorker) sendToFirst({ emailauth: 'started' })
  }
}
