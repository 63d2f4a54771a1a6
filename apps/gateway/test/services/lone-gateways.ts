import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateApiKey } from '@emailauth/secrets/api-key'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { buildGateway } from '../../src/app.ts'
import type { GatewayOptions } from '../../src/gateway-options.ts'
import { anApiKey } from '../access/an-api-key.ts'
import { SERVICE_TOKEN, startScriptedService } from './scripted-service.ts'

/** The one key that is accepted. */
export const API_KEY = generateApiKey().key
/** A document that only needs the key. */
export const DOCUMENT = '{ viewer { scope } }'

/** Gateways over a service that accepts the API key and answers nothing else. */
export interface LoneGateways {
  /** Has no dashboard in it. */
  readonly folder: string
  /** What the service was asked. */
  readonly calls: readonly unknown[]
  build(options?: Partial<GatewayOptions>): Promise<FastifyInstance>
  stop(): Promise<void>
}

/** @param apiKey what persistence answers about the key */
export async function startLoneGateways(apiKey = anApiKey()): Promise<LoneGateways> {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-http-'))
  const service = await startScriptedService(({ url }, response) => {
    if (url?.startsWith('/readyz')) response.end('{"status":"ok","checks":{}}')
    else if (url === '/v1/api-keys/authenticate') response.end(JSON.stringify(apiKey))
    // Everything else is never answered.
  })
  const apps: FastifyInstance[] = []
  return {
    folder,
    calls: service.calls,
    async build(options = {}) {
      const app = await buildGateway({
        persistenceUrl: service.url,
        mailerUrl: service.url,
        serviceToken: SERVICE_TOKEN,
        adminFolder: folder,
        logger: pino({ level: 'silent' }),
        production: true,
        ...options,
      })
      apps.push(app)
      return app
    },
    async stop() {
      for (const app of apps.splice(0)) await app.close()
      await service.stop()
      await rm(folder, { recursive: true })
    },
  }
}

export const post = (app: FastifyInstance, payload: object, headers = {}) =>
  app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${API_KEY}`, ...headers },
    payload,
  })
