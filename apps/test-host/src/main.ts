import process from 'node:process'
import { readConfig as readMailer } from '@emailauth/mailer/config'
import { openMailer } from '@emailauth/mailer/open-mailer'
import { persistenceEnvironment } from '@emailauth/persistence/config'
import { openPersistence } from '@emailauth/persistence/open-persistence'
import { readEnvironment } from '@emailauth/service/config/config'
import { openListener } from '@emailauth/service/http/listener'
import type { OpenService } from '@emailauth/service/lifecycle/run'
import { type Logger, loggerOptions } from '@emailauth/service/logging/logger'
import type { FromHost, ToHost } from '@emailauth/testing/host-messages'
import { pino } from 'pino'

type Environment = Readonly<Record<string, string>>

const open = {
  async persistence(env: Environment, logger: Logger) {
    const config = readEnvironment(persistenceEnvironment, env)
    return openPersistence({ config, logger, listener: await openListener(config, logger) })
  },
  async mailer(env: Environment, logger: Logger) {
    const config = readMailer(env)
    return openMailer({ config, logger, listener: await openListener(config, logger) })
  },
}

/**
 * Called by what loads the bundle. Opens services as its parent asks, each with its own environment, log and
 * connections, and ends with its parent.
 */
export async function start(): Promise<void> {
  const services = new Map<number, OpenService>()
  const report = (message: FromHost) => {
    // Without a parent nobody reads it, and this process is about to end.
    if (process.connected) process.send?.(message)
  }

  async function follow(message: ToHost): Promise<void> {
    const { id } = message
    if ('close' in message) {
      await services.get(id)?.close()
      services.delete(id)
      return report({ id, closed: true })
    }
    const { open: name, env } = message
    const write = (line: string) => report({ id, line })
    const logger = pino(loggerOptions(name, env.EMAILAUTH_LOG_LEVEL ?? 'info'), { write })
    const service = await open[name](env, logger)
    services.set(id, service)
    report({ id, url: await service.app.listen({ host: '127.0.0.1', port: 0 }) })
  }

  process.on('message', (message: ToHost) => {
    follow(message).catch((error: Error) => report({ id: message.id, fault: error.stack ?? error.message }))
  })
  process.once('disconnect', () => process.exit(0))
}
