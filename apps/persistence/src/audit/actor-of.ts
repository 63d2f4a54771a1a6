import { ACTOR_HEADER, type Actor, type CallingActor, callingActor } from '@emailauth/contracts/events'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { FastifyRequest } from 'fastify'

const SYSTEM: Actor = { kind: 'system', id: 'system' }

/**
 * The actor that the gateway names in a header. undefined: it names none.
 * @throws {ProblemError} `bad-input` for a header that cannot be read.
 */
export function actorOf({ headers }: FastifyRequest): CallingActor | undefined {
  const header = headers[ACTOR_HEADER]
  if (header === undefined) return undefined
  try {
    const [kind, id = '', sessionId] = String(header).split(' ')
    return callingActor.parse({ kind, id: decodeURIComponent(id), sessionId })
  } catch {
    throw new ProblemError('bad-input', `The header ${ACTOR_HEADER} cannot be read.`)
  }
}

/** The actor for the audit log: the system where the gateway names none. */
export const actorOrSystem = (request: FastifyRequest): CallingActor => actorOf(request) ?? SYSTEM

/** The actor as records keep it, and as others see it. */
export const withoutSession = ({ kind, id }: CallingActor): Actor => ({ kind, id })
