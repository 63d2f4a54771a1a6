import type { AdminEventType } from '@emailauth/contracts/events'
import { problem } from '@emailauth/contracts/problems'
import { ADMIN_TENANT } from '@emailauth/contracts/tenants'
import {
  tenantOfWebhook,
  WEBHOOKS_PER_TENANT,
  webhookCreateRequest,
  webhookEndpoint,
  webhookId,
  webhookList,
  webhookListQuery,
  webhookPage,
  webhookPageQuery,
  webhookRotateRequest,
  webhookUpdateRequest,
  webhookWithSecret,
} from '@emailauth/contracts/webhooks'
import type { ServiceApp } from '@emailauth/service/app'
import { ProblemError } from '@emailauth/service/problem-error'
import type { ReadLane } from '@emailauth/service/read-lane'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { actorOrSystem } from '../audit/actor-of.ts'
import type { Audit } from '../audit/audit.ts'
import type { Tenants } from '../calls/tenants.ts'
import { urlFault, type WebhookUrlRules } from './check-url.ts'
import { unknownWebhook } from './unknown-webhook.ts'
import { generateWebhookId, type WebhookStore } from './webhook-store.ts'

const params = z.object({ id: webhookId })
const sealed = () =>
  new ProblemError(
    'conflict',
    'The endpoint was sealed with a secret key that is gone; delete it and make a new one.',
    { field: 'id' },
  )

interface WebhookRoutesPort {
  readonly webhooks: WebhookStore
  readonly webhookRules: WebhookUrlRules
  readonly tenants: Pick<Tenants, 'get'>
  readonly audit: Audit
  readonly lane: ReadLane
}

/** What admins and tenants do with endpoints. */
export function addWebhookRoutes(
  app: ServiceApp,
  { webhooks, webhookRules, tenants, audit, lane }: WebhookRoutesPort,
): void {
  const record = (request: FastifyRequest, type: AdminEventType, id: string) =>
    audit.record({ type, actor: actorOrSystem(request), tenantId: tenantOfWebhook(id), target: id })

  const checkUrl = (url: string | undefined) => {
    const fault = url === undefined ? undefined : urlFault(url, webhookRules)
    if (fault !== undefined) throw new ProblemError('bad-input', fault, { field: 'url' })
  }

  const mustExist = async (id: string) => {
    if ((await webhooks.record(id)) === undefined) throw unknownWebhook()
  }

  app.post(
    '/v1/webhooks',
    {
      schema: {
        summary: 'Make a webhook endpoint; this answer and a rotation are the only ones that show its secret',
        body: webhookCreateRequest,
        response: { 201: webhookWithSecret, default: problem },
      },
    },
    async (request, reply) => {
      const { body } = request
      checkUrl(body.url)
      if (body.tenantId === ADMIN_TENANT)
        throw new ProblemError('conflict', 'Admins sign in with this tenant; it has no webhooks.', {
          field: 'tenantId',
        })
      const tenant = await tenants.get(body.tenantId)
      if (tenant === undefined || tenant.status === 'deleting')
        throw new ProblemError('not-found', 'There is no tenant with this id.', { field: 'tenantId' })
      const full = new ProblemError('conflict', `A tenant has at most ${WEBHOOKS_PER_TENANT} endpoints.`)
      // What is refused anyway leaves no entry.
      if ((await webhooks.list(body.tenantId)).length >= WEBHOOKS_PER_TENANT) throw full
      const id = generateWebhookId(body.tenantId)
      await record(request, 'webhook.created', id)
      const made = await webhooks.create(id, body)
      if (made === 'full') throw full
      return reply.code(201).header('cache-control', 'no-store').send(made)
    },
  )

  app.get(
    '/v1/webhooks',
    {
      schema: {
        summary: "A tenant's webhook endpoints, oldest first",
        querystring: webhookListQuery,
        response: { 200: webhookList, default: problem },
      },
    },
    async ({ query }) => ({ webhooks: await lane.run(() => webhooks.list(query.tenantId)) }),
  )

  app.get(
    '/v1/webhooks/all',
    {
      schema: {
        summary: 'The webhook endpoints of all tenants, or of one, in pages: by tenant, oldest first',
        querystring: webhookPageQuery,
        response: { 200: webhookPage, default: problem },
      },
    },
    ({ query }) => lane.run(() => webhooks.page(query)),
  )

  app.get(
    '/v1/webhooks/:id',
    { schema: { summary: 'One endpoint', params, response: { 200: webhookEndpoint, default: problem } } },
    async ({ params: { id } }) => {
      const found = await webhooks.get(id)
      if (found === undefined) throw unknownWebhook()
      return found
    },
  )

  app.patch(
    '/v1/webhooks/:id',
    {
      schema: {
        summary: 'Change an endpoint; what is absent stays as it is',
        params,
        body: webhookUpdateRequest,
        response: { 200: webhookEndpoint, default: problem },
      },
    },
    async (request) => {
      const { id } = request.params
      checkUrl(request.body.url)
      await mustExist(id)
      await record(request, 'webhook.updated', id)
      const changed = await webhooks.update(id, request.body)
      if (changed === undefined) throw unknownWebhook()
      if (changed === 'sealed') throw sealed()
      return changed
    },
  )

  app.post(
    '/v1/webhooks/:id/rotate',
    {
      schema: {
        summary: 'A new secret; the one before goes on signing beside it for a while',
        params,
        body: webhookRotateRequest,
        response: { 200: webhookWithSecret, default: problem },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await mustExist(id)
      await record(request, 'webhook.secret-rotated', id)
      const rotated = await webhooks.rotate(id, request.body.overlapSeconds)
      if (rotated === undefined) throw unknownWebhook()
      if (rotated === 'sealed') throw sealed()
      reply.header('cache-control', 'no-store')
      return rotated
    },
  )

  app.delete(
    '/v1/webhooks/:id',
    {
      schema: {
        summary: 'Delete an endpoint: what waits for it is dropped',
        params,
        response: { 204: z.null(), default: problem },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await mustExist(id)
      await record(request, 'webhook.deleted', id)
      if (!(await webhooks.remove(id))) throw unknownWebhook()
      return reply.code(204).send(null)
    },
  )
}
