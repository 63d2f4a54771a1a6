import type {} from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'

/** One thing that must answer before a service is ready. */
export interface ReadyCheck {
  readonly name: string
  /** Resolves when it is well, rejects when not. */
  readonly check: () => Promise<unknown>
}

/** `GET /healthz`: the process runs. `GET /readyz`: it can do its work; 503 names what does not answer. */
export function addHealth(app: FastifyInstance, checks: readonly ReadyCheck[]): void {
  app.get('/healthz', { schema: { hide: true }, logLevel: 'silent' }, async () => ({ status: 'ok' }))
  app.get('/readyz', { schema: { hide: true }, logLevel: 'silent' }, async (request, reply) => {
    const results = await Promise.all(
      checks.map(async ({ name, check }) => {
        try {
          await check()
          return [name, 'ok'] as const
        } catch (error) {
          request.log.debug({ err: error }, `${name} is not ready`)
          return [name, 'unavailable'] as const
        }
      }),
    )
    const ready = results.every(([, state]) => state === 'ok')
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ok' : 'unavailable', checks: Object.fromEntries(results) })
  })
}
