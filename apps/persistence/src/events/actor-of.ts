import { ACTOR_HEADER, type Actor, actor as actorShape } from '@emailauth/contracts/events'
import { ProblemError } from '@emailauth/service/problem-error'
import type { FastifyRequest } from 'fastify'

const SYSTEM: Actor = { kind: 'system', id: 'system' }

/**
 * The actor for whom the gateway calls; undefined when it names none.
 * @throws {ProblemError} `bad-input` for a header that cannot be read.
 */
export function actorOf({ headers }: FastifyRequest): Actor | undefined {
  const header = headers[ACTOR_HEADER]
  if (header === undefined) return undefined
  try {
    const [kind, id = ''] = String(header).split(' ')
    return actorShape.parse({ kind, id: decodeURIComponent(id) })
  } catch {
    throw new ProblemError('bad-input', `The header ${ACTOR_HEADER} cannot be read.`)
  }
}

/** The same for the audit log. Without an actor the system acts. */
export const actorOrSystem = (request: FastifyRequest): Actor => actorOf(request) ?? SYSTEM
