import { ACTOR_HEADER, type Actor, actor as actorShape } from '@emailauth/contracts/events'
import { ProblemError } from '@emailauth/service/problem-error'
import type { FastifyRequest } from 'fastify'

const SYSTEM: Actor = { kind: 'system', id: 'system' }

/**
 * The actor that the gateway names in a header. undefined: it names none.
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

/** The actor for the audit log: the system where the gateway names none. */
export const actorOrSystem = (request: FastifyRequest): Actor => actorOf(request) ?? SYSTEM
