import { startRedis } from '@emailauth/testing/redis'
import { sharedEnv, startGateway, startMailer, startPersistence } from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { startCollector } from './otlp-collector.ts'

export type CollectedServices = Awaited<ReturnType<typeof startCollectedServices>>

/** All three services as processes of their own, as they run in production, with a collector beside them. */
export async function startCollectedServices() {
  const [redis, smtp, collector] = await Promise.all([startRedis(), startSmtp(), startCollector()])
  const env = {
    ...sharedEnv(redis.url),
    EMAILAUTH_LOG_LEVEL: 'debug',
    EMAILAUTH_SMTP_URL: smtp.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_METRIC_EXPORT_INTERVAL: '500',
  }
  const [persistence, mailer] = await Promise.all([startPersistence({ env }), startMailer({ env })])
  const urls = { EMAILAUTH_PERSISTENCE_URL: persistence.url, EMAILAUTH_MAILER_URL: mailer.url }
  const gateway = await startGateway({ env: { ...env, ...urls } })
  const authorization = `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}`
  const made = await fetch(`${persistence.url}/v1/api-keys`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ scope: 'tenant', tenantId: 'demo', name: 'tests' }),
  })
  const { key } = (await made.json()) as { key: string }

  async function ask(query: string, input: object, headers: Record<string, string> = {}) {
    const reply = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables: { input } }),
    })
    const requestId = reply.headers.get('x-request-id') ?? ''
    const text = await reply.text()
    // biome-ignore lint/suspicious/noExplicitAny: whatever was asked for.
    return { requestId, text, ...(JSON.parse(text) as { data?: any; errors?: any }) }
  }
  return {
    env,
    redis,
    smtp,
    collector,
    persistence,
    mailer,
    gateway,
    key,
    ask,
    async stop() {
      await gateway.stop()
      await Promise.all([persistence.stop(), mailer.stop()])
      await Promise.all([redis.stop(), smtp.stop(), collector.stop()])
    },
  }
}
