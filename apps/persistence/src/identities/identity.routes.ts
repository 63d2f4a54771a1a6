import { identity, identityListQuery, identityPage } from '@emailauth/contracts/identities'
import { problem } from '@emailauth/contracts/problems'
import type { ServiceApp } from '@emailauth/service/app'
import { ProblemError } from '@emailauth/service/problem-error'
import { z } from 'zod'
import { actorOf } from '../events/actor-of.ts'
import { toIdentityId } from '../store/identity-id.ts'
import { deadlineOf } from '../store/store-time.routes.ts'
import type { Store } from '../store.ts'
import { toIdentity } from './list.ts'

const params = z.object({ id: z.string().max(100) })

export function addIdentityRoutes(
  app: ServiceApp,
  { context, identities, tenants, audit, lane }: Store,
): void {
  const notFound = () => new ProblemError('identity-not-found', 'There is no live identity with this id.')

  app.get(
    '/v1/identities',
    {
      schema: {
        summary: 'Live identities, newest first',
        querystring: identityListQuery,
        response: { 200: identityPage, default: problem },
      },
    },
    ({ query: { tenantId, ...options } }) =>
      lane.run(async () => {
        const all = tenantId === undefined ? await tenants.ids() : [tenantId]
        return identities.list({ ...options, tenantIds: all })
      }),
  )

  app.get(
    '/v1/identities/:id',
    { schema: { summary: 'One live identity', params, response: { 200: identity, default: problem } } },
    async (request) => {
      const found = await identities.byId(request.params.id)
      if (found === undefined) throw notFound()
      return toIdentity(toIdentityId(context, found.location), found.location.tenantId, found.record)
    },
  )

  app.delete(
    '/v1/identities/:id',
    {
      schema: {
        summary: 'Revoke an identity: its number is dead',
        params,
        response: { 204: z.null(), default: problem },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const actor = actorOf(request)
      if (actor !== undefined) {
        const found = await identities.byId(id)
        if (found === undefined) throw notFound()
        await audit.record({ type: 'identity.revoked', actor, tenantId: found.location.tenantId, target: id })
      }
      if (!(await identities.revoke(id, { actor, deadline: deadlineOf(request) }))) throw notFound()
      return reply.code(204).send(null)
    },
  )
}
