import { identity, identityListQuery, identityPage } from '@emailauth/contracts/identities'
import { problem } from '@emailauth/contracts/problems'
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { ReadLane } from '@emailauth/service/http/read-lane'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { z } from 'zod'
import { actorOf, withoutSession } from '../audit/actor-of.ts'
import type { Audit } from '../audit/audit.ts'
import type { Tenants } from '../calls/tenants.ts'
import type { FindIdentity } from '../store/find-identity.ts'
import { toIdentityId } from '../store/identity-id.ts'
import type { StoreContext } from '../store/partition.ts'
import { deadlineOf } from '../store/store-time.routes.ts'
import type { ListIdentities } from './list.ts'
import { toIdentity } from './open-entry.ts'
import type { RemoveIdentity } from './remove.ts'

const params = z.object({ id: z.string().max(100) })
const notFound = () => new ProblemError('identity-not-found', 'No live identity has this id.')

interface IdentityRoutesPort {
  readonly context: StoreContext
  readonly identities: FindIdentity & RemoveIdentity & { readonly list: ListIdentities }
  readonly tenants: Pick<Tenants, 'ids'>
  readonly audit: Audit
  readonly lane: ReadLane
}

const route = routeWith<IdentityRoutesPort>()

export function addIdentityRoutes(app: ServiceApp, ports: IdentityRoutesPort): void {
  addRoutes(app, ports, [listIdentities, readIdentity, revokeIdentity])
}

const listIdentities = route({
  method: 'GET',
  url: '/v1/identities',
  schema: {
    summary: 'Live identities, newest first',
    querystring: identityListQuery,
    response: { 200: identityPage, default: problem },
  },
  handler: ({ lane, tenants, identities }, { query: { tenantId, ...options } }) =>
    lane.run(async () => {
      const all = tenantId === undefined ? await tenants.ids() : [tenantId]
      return identities.list({ ...options, tenantIds: all })
    }),
})

const readIdentity = route({
  method: 'GET',
  url: '/v1/identities/:id',
  schema: { summary: 'One live identity', params, response: { 200: identity, default: problem } },
  handler: async ({ identities, context }, request) => {
    const found = await identities.byId(request.params.id)
    if (found === undefined) throw notFound()
    return toIdentity(toIdentityId(context, found.location), found.location.tenantId, found.record)
  },
})

const revokeIdentity = route({
  method: 'DELETE',
  url: '/v1/identities/:id',
  schema: {
    summary: 'Revoke an identity: its number is no longer valid',
    params,
    response: { 204: z.null(), default: problem },
  },
  handler: async ({ identities, audit }, request, reply) => {
    const { id } = request.params
    const actor = actorOf(request)
    if (actor !== undefined) {
      const found = await identities.byId(id)
      if (found === undefined) throw notFound()
      await audit.record({ type: 'identity.revoked', actor, tenantId: found.location.tenantId, target: id })
    }
    if (
      !(await identities.revoke(id, { actor: actor && withoutSession(actor), deadline: deadlineOf(request) }))
    )
      throw notFound()
    return reply.code(204).send(null)
  },
})
