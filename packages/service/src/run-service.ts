import cluster from 'node:cluster'
import { createLogger, type Logger } from './logger.ts'
import { startMetricsExport } from './metrics-export.ts'
import { tellFirst } from './processes/messages.ts'
import { supervise } from './processes/supervise.ts'
import { exitOfFailedStart, type RunningService, run } from './run.ts'
import { startTracing } from './tracing.ts'

/** What the environment says about a service's processes. The shapes are in `config.ts`. */
export interface ProcessVariables {
  readonly EMAILAUTH_PROCESSES: number
  readonly EMAILAUTH_DRAIN_SECONDS: number
  readonly EMAILAUTH_LOG_LEVEL: string
}

export interface ServiceOptions<Config extends ProcessVariables> {
  /** Its name in log lines and traces. */
  readonly name: string
  /** Reads the environment. @throws {ConfigError} that names every fault. */
  readonly read: () => Config
  readonly start: (config: Config, logger: Logger) => Promise<RunningService>
}

/** Runs a service as its environment says: in this process, or in several that share its listener. */
export async function runService<Config extends ProcessVariables>(
  options: ServiceOptions<Config>,
): Promise<void> {
  const { name, read, start } = options
  let config: Config
  try {
    config = read()
  } catch (error) {
    return exitOfFailedStart(error)
  }
  const logger = createLogger(name, config.EMAILAUTH_LOG_LEVEL)
  const { EMAILAUTH_PROCESSES: processes, EMAILAUTH_DRAIN_SECONDS: drainSeconds } = config
  if (processes > 1 && cluster.isPrimary) return supervise({ processes, drainSeconds, logger })
  await run(async () => {
    await Promise.all([startTracing(name), startMetricsExport(name)])
    return start(config, logger)
  })
  if (cluster.isWorker) tellFirst({ emailauth: 'started' })
}
