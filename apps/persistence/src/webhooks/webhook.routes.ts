import type { AdminEventType, EventChange } from '@emailauth/contracts/events'
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
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { ReadLane } from '@emailauth/service/http/read-lane'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { actorOrSystem } from '../audit/actor-of.ts'
import type { Audit } from '../audit/audit.ts'
import type { Tenants } from '../calls/tenants.ts'
import { changedMeanwhile, staleAgainst } from '../store/stale-version.ts'
import { urlFault, type WebhookUrlRules } from './check-url.ts'
import { unknownWebhook } from './unknown-webhook.ts'
import { generateWebhookId, type WebhookStore } from './webhook-store.ts'
import { updateChanges } from './webhook-update-changes.ts'

const params = z.object({ id: webhookId })
interface WebhookRoutesPort {
  readonly webhooks: WebhookStore
  readonly webhookRules: WebhookUrlRules
  readonly tenants: Pick<Tenants, 'get'>
  readonly audit: Audit
  readonly lane: ReadLane
}

const route = routeWith<WebhookRoutesPort>()

/** What admins and tenants do with endpoints. */
export function addWebhookRoutes(app: ServiceApp, ports: WebhookRoutesPort): void {
  addRoutes(app, ports, [
    createEndpoint,
    listEndpoints,
    pageEndpoints,
    readEndpoint,
    updateEndpoint,
    rotateSecret,
    deleteEndpoint,
  ])
}

const createEndpoint = route({
  method: 'POST',
  url: '/v1/webhooks',
  schema: {
    summary: 'Make a webhook endpoint; this answer and a rotation are the only ones that show its secret',
    body: webhookCreateRequest,
    response: { 201: webhookWithSecret, default: problem },
  },
  handler: async ({ tenants, webhooks, webhookRules, audit }, request, reply) => {
    const { body } = request
    checkUrl(body.url, webhookRules)
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
    await record(audit, request, 'webhook.created', id)
    const made = await webhooks.create(id, body)
    if (made === 'full') throw full
    return reply.code(201).header('cache-control', 'no-store').send(made)
  },
})

const listEndpoints = route({
  method: 'GET',
  url: '/v1/webhooks',
  schema: {
    summary: "A tenant's webhook endpoints, oldest first",
    querystring: webhookListQuery,
    response: { 200: webhookList, default: problem },
  },
  handler: async ({ lane, webhooks }, { query }) => ({
    webhooks: await lane.run(() => webhooks.list(query.tenantId)),
  }),
})

const pageEndpoints = route({
  method: 'GET',
  url: '/v1/webhooks/all',
  schema: {
    summary: 'The webhook endpoints of all tenants, or of one, in pages: by tenant, oldest first',
    querystring: webhookPageQuery,
    response: { 200: webhookPage, default: problem },
  },
  handler: ({ lane, webhooks }, { query }) => lane.run(() => webhooks.page(query)),
})

const readEndpoint = route({
  method: 'GET',
  url: '/v1/webhooks/:id',
  schema: { summary: 'One endpoint', params, response: { 200: webhookEndpoint, default: problem } },
  handler: async ({ webhooks }, { params: { id } }) => {
    const found = await webhooks.get(id)
    if (found === undefined) throw unknownWebhook()
    return found
  },
})

const updateEndpoint = route({
  method: 'PATCH',
  url: '/v1/webhooks/:id',
  schema: {
    summary: 'Change an endpoint; what is absent stays as it is',
    params,
    body: webhookUpdateRequest,
    response: { 200: webhookEndpoint, default: problem },
  },
  handler: async ({ webhooks, webhookRules, audit }, request) => {
    const { id } = request.params
    checkUrl(request.body.url, webhookRules)
    const before = await webhooks.get(id)
    if (before === undefined) throw unknownWebhook()
    const stale = staleAgainst(before.version, request.body.ifVersion)
    if (stale !== undefined) throw changedMeanwhile(stale)
    await record(audit, request, 'webhook.updated', id, updateChanges(before, request.body))
    const changed = await webhooks.update(id, request.body)
    if (changed === undefined) throw unknownWebhook()
    if (changed === 'sealed') throw sealed()
    if ('stale' in changed) throw changedMeanwhile(changed)
    return changed
  },
})

const rotateSecret = route({
  method: 'POST',
  url: '/v1/webhooks/:id/rotate',
  schema: {
    summary: 'A new secret; the one before goes on signing beside it for a while',
    params,
    body: webhookRotateRequest,
    response: { 200: webhookWithSecret, default: problem },
  },
  handler: async ({ webhooks, audit }, request, reply) => {
    const { id } = request.params
    await mustExist(webhooks, id)
    await record(audit, request, 'webhook.secret-rotated', id)
    const rotated = await webhooks.rotate(id, request.body.overlapSeconds)
    if (rotated === undefined) throw unknownWebhook()
    if (rotated === 'sealed') throw sealed()
    reply.header('cache-control', 'no-store')
    return rotated
  },
})

const deleteEndpoint = route({
  method: 'DELETE',
  url: '/v1/webhooks/:id',
  schema: {
    summary: 'Delete an endpoint: what waits for it is dropped',
    params,
    response: { 204: z.null(), default: problem },
  },
  handler: async ({ webhooks, audit }, request, reply) => {
    const { id } = request.params
    await mustExist(webhooks, id)
    await record(audit, request, 'webhook.deleted', id)
    if (!(await webhooks.remove(id))) throw unknownWebhook()
    return reply.code(204).send(null)
  },
})

const sealed = () =>
  new ProblemError(
    'conflict',
    'The endpoint was sealed with a secret key that is gone; delete it and make a new one.',
    { field: 'id' },
  )

function record(
  audit: Audit,
  request: FastifyRequest,
  type: AdminEventType,
  id: string,
  changes?: readonly EventChange[],
): Promise<void> {
  const tenantId = tenantOfWebhook(id)
  return audit.record({ type, actor: actorOrSystem(request), tenantId, target: id, changes })
}

function checkUrl(url: string | undefined, rules: WebhookUrlRules): void {
  const fault = url === undefined ? undefined : urlFault(url, rules)
  if (fault !== undefined) throw new ProblemError('bad-input', fault, { field: 'url' })
}

async function mustExist(webhooks: Pick<WebhookStore, 'record'>, id: string): Promise<void> {
  if ((await webhooks.record(id)) === undefined) throw unknownWebhook()
}
