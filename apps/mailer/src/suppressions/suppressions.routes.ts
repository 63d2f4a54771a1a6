import { problem } from '@emailauth/contracts/problems'
import { readReportedAddress } from '@emailauth/contracts/reported-address'
import {
  suppressedTenant,
  suppressionAddReply,
  suppressionAddRequest,
  suppressionList,
  suppressionName,
  suppressionQuery,
} from '@emailauth/contracts/suppressions'
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { ReadLane } from '@emailauth/service/http/read-lane'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { z } from 'zod'
import type { ForgetMessages } from '../message-state/forget-messages.ts'
import { orUnavailable } from '../message-state/or-unavailable.ts'
import type { AddSuppressions } from './add-suppressions.ts'
import type { Suppressions } from './suppression-store.ts'

interface SuppressionRoutesPort {
  readonly suppressions: Suppressions
  readonly addSuppressions: AddSuppressions
  readonly forgetMessages: ForgetMessages
  readonly lane: ReadLane
}

const route = routeWith<SuppressionRoutesPort>()

/** Lets an admin see, add and clear a tenant's suppressed addresses. */
export function addSuppressionRoutes(app: ServiceApp, ports: SuppressionRoutesPort): void {
  addRoutes(app, ports, [listSuppressions, addAddresses, removeAddress, forgetTenant])
}

const listSuppressions = route({
  method: 'GET',
  url: '/v1/suppressions',
  schema: {
    summary: "Addresses that a tenant's mails are not sent to, newest first",
    querystring: suppressionQuery,
    response: { 200: suppressionList, 503: problem },
  },
  handler: async ({ lane, suppressions }, { query: { tenantId, first, after } }) => {
    const { addresses, cursors, next } = await lane.run(() =>
      orUnavailable(suppressions.page(tenantId, first, after)),
    )
    const shown = addresses.map(({ email, reason, suppressedAtMs }) => ({
      email,
      reason,
      suppressedAt: new Date(suppressedAtMs).toISOString(),
    }))
    return { suppressions: shown, cursors: [...cursors], nextAfter: next }
  },
})

const addAddresses = route({
  method: 'POST',
  url: '/v1/suppressions',
  schema: {
    summary: 'Puts addresses on the list; those that are there already stay as they are',
    body: suppressionAddRequest,
    response: { 200: suppressionAddReply, 400: problem, 503: problem },
  },
  handler: async ({ lane, addSuppressions }, { body }) => lane.run(() => addSuppressions(body)),
})

const removeAddress = route({
  method: 'DELETE',
  url: '/v1/suppressions',
  schema: {
    summary: 'Takes an address off the list; mails are sent to it again',
    querystring: suppressionName,
    response: { 204: z.null(), 404: problem, 503: problem },
  },
  handler: async ({ suppressions }, { query: { tenantId, email } }, reply) => {
    const address = readReportedAddress(email)[0]?.email ?? email
    const removed = await orUnavailable(suppressions.remove(tenantId, address))
    if (!removed) throw new ProblemError('not-found', 'This address is not suppressed.')
    return reply.code(204).send(null)
  },
})

const forgetTenant = route({
  method: 'DELETE',
  url: '/v1/tenants/:tenantId/suppressions',
  schema: {
    summary: 'Forgets all addresses and messages of a tenant that has been deleted',
    params: suppressedTenant,
    response: { 204: z.null(), 503: problem },
  },
  handler: async ({ suppressions, forgetMessages }, { params: { tenantId } }, reply) => {
    await orUnavailable(Promise.all([suppressions.removeAll(tenantId), forgetMessages(tenantId)]))
    return reply.code(204).send(null)
  },
})
