import { type Problem, problem as problemShape } from '@emailauth/contracts/problems'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { z } from 'zod'
import { type ExchangeReply, LostReply, NOT_DONE, TRY_AGAIN } from './transport.ts'

/** The reply of a service: the body of a 2xx reply, or an expected problem. */
export type Reply<Body> = { readonly body: Body } | { readonly problem: Problem }

/** Statuses that come from a proxy when there is no problem in the body. Our services always send one. */
const PROXY_STATUS: ReadonlySet<number> = new Set([502, 503, 504])

/**
 * Reads a service's reply.
 * @param where names the call in log lines.
 * @throws {ProblemError} `unavailable` when the service says so itself, `internal` when it failed or the
 * reply is invalid.
 */
export function readReply<Body>(
  { status, body }: Pick<ExchangeReply, 'status' | 'body'>,
  shape: z.ZodType<Body>,
  where: () => string,
): Reply<Body> {
  if (status < 300) {
    const parsed = shape.safeParse(body)
    if (parsed.success) return { body: parsed.data }
    throw new ProblemError('internal', `${where()}: not the shape of a reply`, { cause: parsed.error })
  }
  const parsed = problemShape.safeParse(body)
  if (!parsed.success) throw new ProblemError('internal', where())
  const problem = parsed.data
  if (problem.code === 'internal') throw new ProblemError('internal', `${where()}: ${problem.detail}`)
  if (problem.code === 'unavailable') {
    const { retryAfterSeconds, tookEffect } = problem
    throw new ProblemError('unavailable', tookEffect === false ? NOT_DONE : TRY_AGAIN, {
      retryAfterSeconds,
      tookEffect,
      cause: new Error(`${where()}: ${problem.detail}`),
    })
  }
  return { problem }
}

/** A service answers `/readyz`, and says that it cannot work; its log says why. */
class NotReady extends Error {}

/** Whether a service answered that it is not ready, which the causes of the error of `ready` have. */
export function saysNotReady(error: unknown): boolean {
  return error instanceof NotReady || (error instanceof Error && saysNotReady(error.cause))
}

/**
 * Parses a reply's text.
 * @returns undefined when it is empty.
 * @throws {LostReply} when a proxy answered instead of the service: 502, 503, 504 or a page. The call may
 * have taken effect.
 */
export function parseReply(status: number, text: string): unknown {
  if (status === 204) return undefined
  const body = parseJson(text)
  const isOurs = body !== undefined && (!PROXY_STATUS.has(status) || problemShape.safeParse(body).success)
  if (isOurs) return body
  const unready = unreadyOf(body)
  const cause =
    unready === undefined
      ? new Error(`a reply with status ${status} that is not the service's own`)
      : new NotReady(unready)
  throw new LostReply('unavailable', TRY_AGAIN, { cause })
}

/** What a service that is not ready says of itself: its log has the reason. Another one may be ready. */
function unreadyOf(body: unknown): string | undefined {
  const { success, data } = unready.safeParse(body)
  if (!success) return undefined
  const failing = Object.keys(data.checks).filter((name) => data.checks[name] !== 'ok')
  return `it is not ready for work: ${failing.join(', ')}; its log says why`
}

const health = z.object({ status: z.string(), checks: z.record(z.string(), z.string()) })
const unready = health.extend({ status: z.literal('unavailable') })

/** Whether the body of a 200 to `/readyz` is a service's own: many servers answer 200 to anything. */
export function saysReady(body: unknown): boolean {
  return health.safeParse(body).success
}

/** undefined for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The body of a reply. Throws a problem, for callers that expect none. */
export function bodyOf<Body>(reply: Reply<Body>): Body {
  if ('body' in reply) return reply.body
  const { code, detail, ...extras } = reply.problem
  // The service refused our service token. This is a fault of the system, not of the caller's API key.
  if (code === 'unauthenticated' || code === 'forbidden') throw new ProblemError('internal', detail)
  throw new ProblemError(code, detail, extras)
}
