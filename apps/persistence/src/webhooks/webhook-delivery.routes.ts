import { tenantId } from '@emailauth/contracts/common'
import { type Event, event, eventCursor } from '@emailauth/contracts/events'
import { problem } from '@emailauth/contracts/problems'
import { sealedWebhook, webhookGiveUpRequest, webhookId } from '@emailauth/contracts/webhooks'
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { ReadLane } from '@emailauth/service/http/read-lane'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { z } from 'zod'
import type { ReportDisabled } from './report-disabled.ts'
import { unknownWebhook } from './unknown-webhook.ts'
import { toSealedWebhook } from './webhook-record.ts'
import type { WebhookStore } from './webhook-store.ts'

const params = z.object({ id: webhookId })

interface WebhookDeliveryPort {
  readonly webhooks: Pick<WebhookStore, 'record'>
  readonly findEvent: (tenantId: string, cursor: string) => Promise<Event | undefined>
  readonly reportDisabled: ReportDisabled
  readonly lane: ReadLane
}

const route = routeWith<WebhookDeliveryPort>()

/** What the mailer needs to post events, and what it reports. The gateway asks on its behalf. */
export function addWebhookDeliveryRoutes(app: ServiceApp, ports: WebhookDeliveryPort): void {
  addRoutes(app, ports, [readSealed, giveUp, readEvent])
}

const readSealed = route({
  method: 'GET',
  url: '/v1/webhooks/:id/sealed',
  schema: {
    summary: 'One endpoint as the mailer needs it, sealed',
    params,
    response: { 200: sealedWebhook, default: problem },
  },
  handler: async ({ webhooks }, { params: { id } }) => {
    const found = await webhooks.record(id)
    if (found === undefined) throw unknownWebhook()
    return toSealedWebhook(found)
  },
})

const giveUp = route({
  method: 'POST',
  url: '/v1/webhooks/:id/give-up',
  schema: {
    summary: 'The mailer gets nothing through to it: it is disabled, with an event',
    params,
    body: webhookGiveUpRequest,
    response: { 204: z.null(), default: problem },
  },
  handler: async ({ reportDisabled }, request, reply) => {
    const { reason, version } = request.body
    await reportDisabled(request.params.id, reason, version)
    return reply.code(204).send(null)
  },
})

const readEvent = route({
  method: 'GET',
  url: '/v1/tenants/:tenantId/events/:cursor',
  schema: {
    summary: 'One event of a tenant, while it is kept',
    params: z.object({ tenantId, cursor: eventCursor }),
    response: { 200: event, default: problem },
  },
  handler: async ({ lane, findEvent }, { params: { tenantId: of, cursor } }) => {
    const found = await lane.run(() => findEvent(of, cursor))
    if (found === undefined) throw new ProblemError('not-found', 'This event is not kept any more.')
    return found
  },
})
