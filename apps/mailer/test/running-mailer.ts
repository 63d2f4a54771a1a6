import { randomBytes } from 'node:crypto'
import type { MessageRequest } from '@emailauth/contracts/messages'
import { connectRedis, type RedisConnection } from '@emailauth/redis/connection/connect'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { buildMailer } from '../src/app.ts'
import type { MailerOptions } from '../src/mailer-options.ts'
import { parseMailbox } from '../src/mime/mailbox.ts'
import { DEFAULT_RELAY_LIMITS, type RelayLimits } from '../src/relays/relay-limits.ts'
import { parseSmtpUrls } from '../src/smtp/smtp-url.ts'

export const keyRing = createKeyRing([randomBytes(32)])
export const from = parseMailbox('emailauth <no-reply@sender.example>')
const serviceToken = randomBytes(24).toString('hex')

/** A running mailer, called without a socket. */
export interface RunningMailer {
  readonly app: FastifyInstance
  readonly redis: RedisConnection
  /** Headers with the service token. */
  readonly headers: Readonly<Record<string, string>>
  post(path: string, payload: object, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  get(path: string): Promise<LightMyRequestResponse>
  delete(path: string): Promise<LightMyRequestResponse>
  /** `POST /v1/messages`. */
  send(request: MessageRequest): Promise<LightMyRequestResponse>
  close(): Promise<void>
}

export async function runMailer(
  redisUrl: string,
  smtpUrls: string,
  { limits, ...options }: Partial<MailerOptions> & { readonly limits?: Partial<RelayLimits> } = {},
): Promise<RunningMailer> {
  const redis = await connectRedis(redisUrl, {
    onError: () => {},
    scriptsAtOnce: true,
    // A busy machine may take longer than the services' own time-out.
    commandTimeoutMs: 5000,
  })
  const app = await buildMailer({
    redis,
    redisUrl,
    keyRing,
    serviceToken,
    listener: { tls: undefined, metricsPublic: true },
    smtpServers: parseSmtpUrls(smtpUrls),
    from,
    relayLimits: { ...DEFAULT_RELAY_LIMITS, ...limits },
    ...options,
  })
  const headers = { authorization: `Bearer ${serviceToken}` }
  const post = (url: string, payload: object, more: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url, payload, headers: { ...headers, ...more } })
  return {
    app,
    redis,
    headers,
    post,
    get: (url) => app.inject({ method: 'GET', url, headers }),
    delete: (url) => app.inject({ method: 'DELETE', url, headers }),
    send: (request) => post('/v1/messages', request),
    async close() {
      await app.close()
      redis.disconnect()
    },
  }
}

/** A message of its own identity. `changes` set what matters to the test. */
export function aMessage(changes: Partial<MessageRequest> = {}): MessageRequest {
  const identityId = changes.identityId ?? `demo.${randomBytes(18).toString('base64url').slice(0, 23)}`
  return {
    messageId: identityId,
    identityId,
    tenantId: 'demo',
    tenantName: 'Demo',
    email: 'ada@example.com',
    number: '123456789012',
    locale: null,
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
    ...changes,
  }
}
