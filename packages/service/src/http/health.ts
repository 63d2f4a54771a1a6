import type {} from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { Gauge, type Registry } from 'prom-client'
import { VERSION } from '../version.ts'
import { refuseMisdirected } from './addressed-service.ts'
import { isDraining } from './draining.ts'
import { refuseWrongToken } from './service-auth.ts'

/** A check that must succeed before a service is ready. */
export interface ReadyCheck {
  readonly name: string
  /** Rejects when the check fails. */
  readonly check: () => Promise<unknown>
  /**
   * Most of the service works without what this checks, and all its processes lack it at the same time. So a
   * failure is reported, but makes the process unready only while it starts.
   */
  readonly isOptional?: boolean
}

type State = 'ok' | 'unavailable'

/** How long a result is reused. Anybody may ask, and each check costs other services work. */
export const READY_FOR_MS = 1000

/**
 * Services that start together wait for each other. A check that has not succeeded yet is logged only after
 * this time.
 */
export const STARTS_FOR_MS = 10_000

export interface HealthOptions {
  /** The service's name. A caller that asks for another one is refused with 421. Absent: nobody is. */
  readonly service?: string
  /** Shows each check in the metrics too. Absent: it does not. */
  readonly registry?: Registry
  /**
   * Tokens of callers. A caller of `/readyz` needs none, but one that sends another is refused with 401: the
   * service is not ready for it. Absent: an `Authorization` is not looked at.
   */
  readonly tokens?: readonly string[]
  /** Monotonic milliseconds. */
  readonly now?: () => number
}

/**
 * `GET /healthz`: the process runs, and its version. `GET /readyz`: it can work; 503 names what does not
 * answer, or says that it drains. A process that drains still works: with `?exclude=draining` it answers by
 * its checks, so that its callers go on calling it. An optional check that fails is named, and the answer
 * stays 200. So does one that the caller excludes by its name (`?exclude=draining,persistence`), once it has
 * succeeded: a process with a wrong setting never has, and a rollout must stop at it.
 * Checks run one at a time. However many callers ask, a result is reused for {@link READY_FOR_MS}.
 * The log says why a check begins to fail, and when it succeeds again.
 */
export function addHealth(
  app: FastifyInstance,
  checks: readonly ReadyCheck[],
  { service, registry, tokens, now = () => performance.now() }: HealthOptions = {},
): void {
  const optional = new Set(checks.filter(({ isOptional }) => isOptional).map(({ name }) => name))
  const failing = new Set<string>()
  const succeeded = new Set<string>()
  const startedAtMs = now()
  const isStarting = (name: string) => !succeeded.has(name) && now() - startedAtMs < STARTS_FOR_MS
  const run = async () => {
    const results = await Promise.all(
      checks.map(async ({ name, check }): Promise<[string, State]> => {
        try {
          await check()
          succeeded.add(name)
          if (failing.delete(name)) app.log.info({ check: name }, `ready for work again: ${name}`)
          return [name, 'ok']
        } catch (error) {
          if (isStarting(name)) app.log.debug({ check: name, err: error }, `not ready for work yet: ${name}`)
          else if (!failing.has(name)) {
            app.log.warn({ check: name, err: error }, `not ready for work: ${name}`)
            failing.add(name)
          }
          return [name, 'unavailable']
        }
      }),
    )
    return Object.fromEntries(results)
  }

  /** Whether a process with these results is ready, for a caller that does not mind some of them. */
  const isReady = (results: Readonly<Record<string, State>>, excluded: ReadonlySet<string>) =>
    Object.entries(results).every(
      ([name, state]) =>
        state === 'ok' ||
        (optional.has(name) && !isStarting(name)) ||
        (excluded.has(name) && succeeded.has(name)),
    )

  let running: ReturnType<typeof run> | undefined
  let last: { readonly answer: Awaited<ReturnType<typeof run>>; readonly until: number } | undefined
  const answer = async () => {
    if (last !== undefined && now() < last.until) return last.answer
    running ??= run().finally(() => {
      running = undefined
    })
    const found = await running
    last = { answer: found, until: now() + READY_FOR_MS }
    return found
  }

  if (registry !== undefined)
    new Gauge({
      name: 'emailauth_ready',
      help: '1 while a check of /readyz succeeds, 0 while it fails.',
      labelNames: ['check'],
      registers: [registry],
      async collect() {
        for (const [check, state] of Object.entries(await answer()))
          this.set({ check }, state === 'ok' ? 1 : 0)
      },
    })

  const own = service === undefined ? [] : [refuseMisdirected(service)]
  const quiet = { schema: { hide: true }, logLevel: 'silent' } as const
  app.get('/healthz', { ...quiet, onRequest: own }, async () => ({ status: 'ok', version: VERSION }))
  const onRequest = [...own, ...(tokens === undefined ? [] : [refuseWrongToken(tokens)])]
  app.get('/readyz', { ...quiet, onRequest }, async ({ query }, reply) => {
    // A parsed query is an object.
    const { exclude } = query as { readonly exclude?: unknown }
    const excluded = new Set([exclude].flat().flatMap((names) => String(names).split(',')))
    if (isDraining(app) && !excluded.has('draining'))
      return reply.code(503).send({ status: 'draining', checks: {} })
    const checks = await answer()
    const status: State = isReady(checks, excluded) ? 'ok' : 'unavailable'
    return reply.code(status === 'ok' ? 200 : 503).send({ status, checks })
  })
}
