import { outcomeAcknowledgement, outcomeLeaseRequest, outcomeList } from '@emailauth/contracts/outcomes'
import { problem } from '@emailauth/contracts/problems'
import type { ServiceApp } from '@emailauth/service/http/app'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import type { LongPoll } from '@emailauth/service/timing/long-poll'
import { z } from 'zod'
import type { MessageStore } from '../message-state/message-store.ts'
import { orUnavailable } from '../message-state/or-unavailable.ts'
import type { OutcomeList } from './outcome-list.ts'
import { withReply } from './with-reply.ts'

interface OutcomeRoutesPort {
  readonly outcomes: OutcomeList
  readonly store: Pick<MessageStore, 'find'>
  readonly longPoll: LongPoll
}

const route = routeWith<OutcomeRoutesPort>()

/** The routes by which the gateway fetches outcomes to report. */
export function addOutcomeRoutes(app: ServiceApp, ports: OutcomeRoutesPort): void {
  addRoutes(app, ports, [leaseOutcomes, acknowledgeOutcomes])
}

const leaseOutcomes = route({
  method: 'POST',
  url: '/v1/outcomes/lease',
  schema: {
    summary: 'What became of mails after their send was answered; nobody else is given these for a while',
    body: outcomeLeaseRequest,
    response: { 200: outcomeList, 503: problem },
  },
  handler: async ({ longPoll, outcomes, store }, { body }, reply) => {
    const leased = await longPoll(reply, {
      look: () => orUnavailable(outcomes.lease(body.max)),
      isEmpty: (list) => list.length === 0,
      changes: outcomes.changes,
      waitSeconds: body.waitSeconds,
    })
    return { outcomes: await orUnavailable(Promise.all(leased.map((one) => withReply(one, store)))) }
  },
})

const acknowledgeOutcomes = route({
  method: 'POST',
  url: '/v1/outcomes/acknowledged',
  schema: {
    summary: 'Acknowledges outcomes: they are not handed out again',
    body: outcomeAcknowledgement,
    response: { 204: z.null(), 503: problem },
  },
  handler: async ({ outcomes }, { body }, reply) => {
    await orUnavailable(outcomes.acknowledge(body.outcomes))
    return reply.code(204).send(null)
  },
})
