import { readListPosition } from '@emailauth/contracts/list-position'
import { problem } from '@emailauth/contracts/problems'
import {
  createdSession,
  session,
  sessionAuthenticateRequest,
  sessionCreateRequest,
  sessionId,
  sessionList,
  sessionListQuery,
} from '@emailauth/contracts/sessions'
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { ReadLane } from '@emailauth/service/http/read-lane'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { z } from 'zod'
import { actorOrSystem } from '../audit/actor-of.ts'
import type { Audit } from '../audit/audit.ts'
import type { RequireSameStore } from '../store/same-store.ts'
import type { SessionStore } from './session-store.ts'

const unknown = () => new ProblemError('not-found', 'There is no such session, or it is over.')

interface SessionRoutesPort {
  readonly sessions: SessionStore
  /** A session that a passkey begins needs that passkey. */
  readonly passkeys: { get(id: string): Promise<unknown> }
  readonly audit: Audit
  readonly lane: ReadLane
  readonly requireSameStore: RequireSameStore
}

const route = routeWith<SessionRoutesPort>()

export function addSessionRoutes(app: ServiceApp, ports: SessionRoutesPort): void {
  addRoutes(app, ports, [beginSession, authenticateSession, listSessions, endSession])
}

const beginSession = route({
  method: 'POST',
  url: '/v1/sessions',
  schema: {
    summary: 'Begin the session of an admin; this answer is the only one that carries its secret',
    body: sessionCreateRequest,
    response: { 201: createdSession, default: problem },
  },
  handler: async ({ audit, sessions, passkeys }, request, reply) => {
    const { email, passkeyId } = request.body
    const actor = { kind: 'admin', id: email } as const
    await audit.record({
      type: 'session.created',
      actor,
      tenantId: null,
      target: passkeyId ?? 'sign-in',
    })
    const { ended, ...created } = await sessions.create(email, passkeyId)
    // Removing a passkey ends the sessions that it finds, and may have come before this one could be found.
    if (passkeyId !== null && (await passkeys.get(passkeyId)) === undefined) {
      await sessions.revoke(created.session.id)
      throw new ProblemError('not-found', 'The passkey was removed.', { field: 'passkeyId' })
    }
    for (const target of ended) await audit.record({ type: 'session.revoked', actor, tenantId: null, target })
    return reply.code(201).send(created)
  },
})

const authenticateSession = route({
  method: 'POST',
  url: '/v1/sessions/authenticate',
  schema: {
    summary: 'Whose session is this? Its time begins anew, unless it is only asked about',
    body: sessionAuthenticateRequest,
    response: { 200: session, default: problem },
  },
  handler: async ({ sessions, requireSameStore }, request) => {
    const found = await sessions.authenticate(request.body)
    if (found !== undefined) return found
    await requireSameStore()
    throw unknown()
  },
})

const listSessions = route({
  method: 'GET',
  url: '/v1/sessions',
  schema: {
    summary: 'Sessions that live, newest first, in pages',
    querystring: sessionListQuery,
    response: { 200: sessionList, default: problem },
  },
  handler: ({ lane, sessions }, { query: { first, after } }) =>
    lane.run(() =>
      sessions.page({ first, after: after === undefined ? undefined : readListPosition(after) }),
    ),
})

const endSession = route({
  method: 'DELETE',
  url: '/v1/sessions/:id',
  schema: {
    summary: 'End a session',
    params: z.object({ id: sessionId }),
    response: { 204: z.null(), default: problem },
  },
  handler: async ({ sessions, audit }, request, reply) => {
    const { id } = request.params
    if ((await sessions.get(id)) === undefined) throw unknown()
    await audit.record({
      type: 'session.revoked',
      actor: actorOrSystem(request),
      tenantId: null,
      target: id,
    })
    await sessions.revoke(id)
    return reply.code(204).send(null)
  },
})
