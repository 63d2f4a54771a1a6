import { readListPosition } from '@emailauth/contracts/list-position'
import { PAGE_MAX } from '@emailauth/contracts/page-length'
import {
  challengeClaim,
  knownPasskey,
  passkey,
  passkeyCreateRequest,
  passkeyId,
  passkeyList,
  passkeyListQuery,
  passkeyRemoveQuery,
  passkeyRenameRequest,
  passkeyUseRequest,
} from '@emailauth/contracts/passkeys'
import { problem } from '@emailauth/contracts/problems'
import type { SessionList } from '@emailauth/contracts/sessions'
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { ReadLane } from '@emailauth/service/http/read-lane'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { actorOrSystem } from '../audit/actor-of.ts'
import type { Audit } from '../audit/audit.ts'
import type { ListPosition } from '../store/newest-page.ts'
import type { PasskeyStore } from './passkey-store.ts'

const params = z.object({ id: passkeyId })
const unknown = () => new ProblemError('not-found', 'There is no such passkey.', { field: 'id' })

interface SessionsPort {
  page(options: { readonly first: number; readonly after?: ListPosition | undefined }): Promise<SessionList>
  revoke(sessionId: string): Promise<boolean>
}

/** Ends the sessions that a passkey began. */
async function endBegunWith(sessions: SessionsPort, passkey: string): Promise<void> {
  for (let after: ListPosition | undefined, more = true; more; ) {
    const page = await sessions.page({ first: PAGE_MAX, after })
    const begun = page.sessions.filter(({ passkeyId: by }) => by === passkey)
    await Promise.all(begun.map(({ id }) => sessions.revoke(id)))
    const last = page.sessions.at(-1)
    after = last && { atMs: Date.parse(last.createdAt), id: last.id }
    more = page.hasNextPage
  }
}

interface PasskeyRoutesPort {
  readonly passkeys: PasskeyStore
  /** The sessions that a removed passkey began are revoked. */
  readonly sessions: SessionsPort
  readonly audit: Audit
  readonly lane: ReadLane
}

const route = routeWith<PasskeyRoutesPort>()

export function addPasskeyRoutes(app: ServiceApp, ports: PasskeyRoutesPort): void {
  addRoutes(app, ports, [
    createPasskey,
    listPasskeys,
    readPasskey,
    renamePasskey,
    removePasskey,
    usePasskey,
    claimChallenge,
  ])
}

const createPasskey = route({
  method: 'POST',
  url: '/v1/passkeys',
  schema: {
    summary: 'Keep a passkey of an admin',
    body: passkeyCreateRequest,
    response: { 201: passkey, default: problem },
  },
  handler: async ({ passkeys, audit }, request, reply) => {
    await record(audit, request, 'passkey.created', request.body.name)
    const made = await passkeys.create(request.body)
    if (made === 'full')
      throw new ProblemError('conflict', 'An admin has at most 10 passkeys; remove one first.')
    if (made === 'exists') throw new ProblemError('conflict', 'This passkey is registered already.')
    return reply.code(201).send(made)
  },
})

const listPasskeys = route({
  method: 'GET',
  url: '/v1/passkeys',
  schema: {
    summary: 'Passkeys, newest first: all of one admin, or a page of everybody’s',
    querystring: passkeyListQuery,
    response: { 200: passkeyList, default: problem },
  },
  handler: ({ lane, passkeys }, { query: { email, first, after } }) =>
    lane.run(async () =>
      email === undefined
        ? passkeys.page({ first, after: after === undefined ? undefined : readListPosition(after) })
        : { passkeys: await passkeys.ofAdmin(email), hasNextPage: false },
    ),
})

const readPasskey = route({
  method: 'GET',
  url: '/v1/passkeys/:id',
  schema: {
    summary: 'A passkey with what its signatures are checked with',
    params,
    response: { 200: knownPasskey, default: problem },
  },
  handler: async ({ passkeys }, { params: { id } }) => {
    const found = await passkeys.get(id)
    if (found === undefined) throw unknown()
    return found
  },
})

const renamePasskey = route({
  method: 'PATCH',
  url: '/v1/passkeys/:id',
  schema: {
    summary: 'Name a passkey',
    params,
    body: passkeyRenameRequest,
    response: { 200: passkey, default: problem },
  },
  handler: async ({ passkeys, audit }, request) => {
    const { id } = request.params
    if ((await passkeys.get(id)) === undefined) throw unknown()
    await record(audit, request, 'passkey.renamed', id)
    const renamed = await passkeys.rename(id, request.body.name)
    if (renamed === undefined) throw unknown()
    return renamed
  },
})

const removePasskey = route({
  method: 'DELETE',
  url: '/v1/passkeys/:id',
  schema: {
    summary: 'Remove a passkey; the sessions that it began end with it',
    params,
    querystring: passkeyRemoveQuery,
    response: { 204: z.null(), default: problem },
  },
  handler: async ({ passkeys, sessions, audit }, request, reply) => {
    const { id } = request.params
    const { keepOneOf } = request.query
    if ((await passkeys.get(id)) === undefined) throw unknown()
    if (keepOneOf !== undefined && !(await passkeys.retire(id, keepOneOf)))
      throw new ProblemError('conflict', 'No passkey would be left.', { field: 'id' })
    await record(audit, request, 'passkey.removed', id)
    await passkeys.remove(id)
    await endBegunWith(sessions, id)
    return reply.code(204).send(null)
  },
})

const usePasskey = route({
  method: 'POST',
  url: '/v1/passkeys/:id/use',
  schema: {
    summary: 'A signature was good: its challenge is used up and its counter kept',
    params,
    body: passkeyUseRequest,
    response: { 200: passkey, default: problem },
  },
  handler: async ({ passkeys }, { params: { id }, body }) => {
    const used = await passkeys.use(id, body)
    if (used === undefined) throw unknown()
    if (used === 'refused')
      throw new ProblemError('wrong-credentials', 'The challenge was used before, or the counter went back.')
    return used
  },
})

const claimChallenge = route({
  method: 'POST',
  url: '/v1/passkey-challenges/claim',
  schema: {
    summary: 'Use up a challenge, once',
    body: challengeClaim,
    response: { 204: z.null(), default: problem },
  },
  handler: async ({ passkeys }, { body }, reply) => {
    if (!(await passkeys.claim(body.challenge)))
      throw new ProblemError('conflict', 'This challenge was used before.')
    return reply.code(204).send(null)
  },
})

function record(
  audit: Audit,
  request: FastifyRequest,
  type: 'passkey.created' | 'passkey.renamed' | 'passkey.removed',
  target: string,
): Promise<void> {
  return audit.record({ type, actor: actorOrSystem(request), tenantId: null, target })
}
