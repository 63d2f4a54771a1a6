import { readConfig as readMailer } from '@emailauth/mailer/config'
import { openMailer } from '@emailauth/mailer/open-mailer'
import { persistenceEnvironment } from '@emailauth/persistence/config'
import { openPersistence } from '@emailauth/persistence/open-persistence'
import { createMemoryTransport } from '@emailauth/rpc/client/memory/transport'
import { readEnvironment } from '@emailauth/service/config/config'
import type { OpenService } from '@emailauth/service/lifecycle/run'
import { createLogger } from '@emailauth/service/logging/logger'
import { startFaultProxy } from '@emailauth/testing/fault-proxy'
import { startRedis } from '@emailauth/testing/redis'
import { sharedEnv } from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
// The gateway's clients are no part of its public face; their contract is what is tested here.
import { createMailer } from '../../gateway/src/services/mailer/mailer-client.ts'
import { createPersistence } from '../../gateway/src/services/persistence/persistence-client.ts'

export const WAYS = ['HTTP', 'in memory'] as const

/** The real services over a real Redis and SMTP server, and the gateway's clients of them. */
export async function startServices(way: (typeof WAYS)[number]) {
  const redis = await startRedis()
  const link = await startFaultProxy(redis.port)
  const smtp = await startSmtp()
  const env = { ...sharedEnv(`redis://127.0.0.1:${link.port}`), EMAILAUTH_SMTP_URL: smtp.url }
  const parts = { logger: createLogger('test', 'silent'), listener: { tls: undefined, metricsPublic: false } }
  const persistenceService = await openPersistence({
    config: readEnvironment(persistenceEnvironment, env),
    ...parts,
  })
  const mailerService = await openMailer({ config: readMailer(env), ...parts })
  const serviceToken = env.EMAILAUTH_SERVICE_TOKEN
  const reach = async ({ app }: OpenService) => {
    if (way === 'HTTP') return { url: await app.listen({ port: 0, host: '127.0.0.1' }) }
    await app.ready()
    const openTransport = (maxOpen?: number) =>
      createMemoryTransport({ name: 'test', app, serviceToken, maxOpen })
    return { url: '', openTransport }
  }
  const warnings: unknown[] = []
  const logger = { warn: (fields: unknown) => void warnings.push(fields) }
  // A busy machine is no reason to give a call up.
  const unhurried = { serviceToken, timeoutMs: 20_000 }
  const persistence = createPersistence({ ...(await reach(persistenceService)), ...unhurried })
  const mailer = createMailer({ ...(await reach(mailerService)), ...unhurried, logger })
  return {
    persistence,
    mailer,
    link,
    smtp,
    warnings,
    async stop() {
      await mailer.close()
      await persistence.close()
      await Promise.all([mailerService.close(), persistenceService.close()])
      await link.stop()
      await Promise.all([redis.stop(), smtp.stop()])
    },
  }
}

export type Services = Awaited<ReturnType<typeof startServices>>
