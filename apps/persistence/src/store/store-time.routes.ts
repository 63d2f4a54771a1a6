import { problem } from '@emailauth/contracts/problems'
import { DEADLINE_HEADER, STORE_TIME_HEADER } from '@emailauth/rpc/deadline'
import type { BatchCall, Batches } from '@emailauth/rpc/server/batches'
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { z } from 'zod'
import type { RedisClock } from './redis-clock.ts'

const route = routeWith<RedisClock>()

/** Adds the Redis time to every reply, so that callers can send deadlines in Redis time. */
export function addStoreTime(app: ServiceApp, batches: Batches, clock: RedisClock): void {
  const storeTime = () => {
    const now = clock.atLeast()
    return now === undefined ? undefined : String(Math.floor(now))
  }
  batches.addReplyHeader(STORE_TIME_HEADER, storeTime)
  app.addHook('onSend', (_request, reply, payload, done) => {
    const now = storeTime()
    if (now !== undefined) reply.header(STORE_TIME_HEADER, now)
    done(null, payload)
  })
  addRoutes(app, clock, [readStoreTime])
}

const readStoreTime = route({
  method: 'GET',
  url: '/v1/store-time',
  schema: {
    summary: `Only the header that every reply has: ${STORE_TIME_HEADER}`,
    response: { 204: z.null(), default: problem },
  },
  handler: async (clock, _request, reply) => {
    await clock.known()
    return reply.code(204).send(null)
  },
})

/**
 * The caller's deadline, if it sent one.
 * @throws {ProblemError} `bad-input` for an invalid deadline, because the call would run without one.
 */
export function deadlineOf({ headers }: Pick<BatchCall, 'headers'>): number | undefined {
  const given = headers[DEADLINE_HEADER]
  if (given === undefined) return undefined
  if (typeof given === 'string' && /^\d{1,15}$/.test(given)) return Number(given)
  throw new ProblemError('bad-input', `${DEADLINE_HEADER} must be a moment of the store's clock, in ms.`, {
    field: DEADLINE_HEADER,
  })
}
