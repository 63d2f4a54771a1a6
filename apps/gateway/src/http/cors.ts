import fastifyCors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'

/** How long a browser may keep a preflight's answer; browsers cap it themselves. */
const MAX_AGE_SECONDS = 600

/**
 * Lets pages of these origins call the API with an API key. Cookies stay ours alone: no answer ever says
 * `Access-Control-Allow-Credentials`. Without origins there is no CORS at all.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return
  await app.register(fastifyCors, {
    // A list, also of one: the plugin echoes an origin only when it is among them.
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'idempotency-key',
      'apollo-require-preflight',
      'x-apollo-operation-name',
    ],
    exposedHeaders: ['x-request-id', 'retry-after', 'ratelimit'],
    maxAge: MAX_AGE_SECONDS,
    strictPreflight: false,
  })
}
