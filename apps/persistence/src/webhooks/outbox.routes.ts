import { longPollQuery } from '@emailauth/contracts/long-poll'
import { problem } from '@emailauth/contracts/problems'
import { outboxAcknowledgement, outbox as outboxShape } from '@emailauth/contracts/webhooks'
import type { ServiceApp } from '@emailauth/service/http/app'
import type { ReadLane } from '@emailauth/service/http/read-lane'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { createLongPoll, type LongPoll } from '@emailauth/service/timing/long-poll'
import { z } from 'zod'
import type { WebhookOutbox } from './outbox.ts'

interface OutboxRoutesPort {
  readonly outbox: WebhookOutbox
  readonly lane: ReadLane
}

const route = routeWith<OutboxRoutesPort & { readonly longPoll: LongPoll }>()

/** The gateway leases events here and sends them to the mailer. */
export function addOutboxRoutes(app: ServiceApp, ports: OutboxRoutesPort): void {
  addRoutes(app, { ...ports, longPoll: createLongPoll(app) }, [leaseEvents, acknowledgeEvents])
}

const leaseEvents = route({
  method: 'POST',
  url: '/v1/webhook-outbox/lease',
  schema: {
    summary: 'What happened to tenants with webhooks; nobody else is given these for a while',
    querystring: longPollQuery,
    response: { 200: outboxShape, default: problem },
  },
  handler: ({ lane, outbox, longPoll }, { query }, reply) =>
    longPoll(reply, {
      look: () => lane.run(() => outbox.lease()),
      isEmpty: ({ entries, deleted }) => entries.length === 0 && deleted.length === 0,
      changes: outbox,
      isRestless: outbox.isRestless,
      ...query,
    }),
})

const acknowledgeEvents = route({
  method: 'POST',
  url: '/v1/webhook-outbox/acknowledge',
  schema: {
    summary: 'The mailer has these',
    body: outboxAcknowledgement,
    response: { 204: z.null(), default: problem },
  },
  handler: async ({ outbox }, request, reply) => {
    await outbox.acknowledge(request.body)
    return reply.code(204).send(null)
  },
})
