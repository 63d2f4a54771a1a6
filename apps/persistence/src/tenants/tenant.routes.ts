import { tenantId } from '@emailauth/contracts/common'
import { problem } from '@emailauth/contracts/problems'
import { tenant, tenantCreateRequest, tenantList, tenantUpdateRequest } from '@emailauth/contracts/tenants'
import type { ServiceApp } from '@emailauth/service/app'
import { ProblemError } from '@emailauth/service/problem-error'
import { z } from 'zod'
import type { Store } from '../store.ts'

export function addTenantRoutes(app: ServiceApp, { tenants }: Store): void {
  app.post(
    '/v1/tenants',
    {
      schema: {
        summary: 'Make a tenant',
        body: tenantCreateRequest,
        response: { 201: tenant, default: problem },
      },
    },
    async (request, reply) => {
      const outcome = await tenants.create(request.body)
      if ('exists' in outcome)
        throw new ProblemError('conflict', 'A tenant with this id exists already.', { field: 'id' })
      if ('risk' in outcome) throw new ProblemError('bad-input', outcome.risk, { field: 'settings' })
      return reply.code(201).send(outcome.tenant)
    },
  )

  app.get(
    '/v1/tenants',
    { schema: { summary: 'All tenants', response: { 200: tenantList, default: problem } } },
    async () => ({
      tenants: await tenants.list(),
    }),
  )

  app.get(
    '/v1/tenants/:id',
    {
      schema: {
        summary: 'One tenant',
        params: z.object({ id: tenantId }),
        response: { 200: tenant, default: problem },
      },
    },
    async (request) => {
      const found = await tenants.get(request.params.id)
      if (found === undefined)
        throw new ProblemError('not-found', 'There is no tenant with this id.', { field: 'id' })
      return found
    },
  )

  app.patch(
    '/v1/tenants/:id',
    {
      schema: {
        summary: 'Change a tenant; what is absent stays as it is',
        params: z.object({ id: tenantId }),
        body: tenantUpdateRequest,
        response: { 200: tenant, default: problem },
      },
    },
    async (request) => {
      const outcome = await tenants.update(request.params.id, request.body)
      if ('unknown' in outcome)
        throw new ProblemError('not-found', 'There is no tenant with this id.', { field: 'id' })
      if ('risk' in outcome) throw new ProblemError('bad-input', outcome.risk, { field: 'settings' })
      return outcome.tenant
    },
  )
}
