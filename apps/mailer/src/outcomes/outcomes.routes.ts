import { outcomeAcknowledgement, outcomeLeaseRequest, outcomeList } from '@emailauth/contracts/outcomes'
import { problem } from '@emailauth/contracts/problems'
import type { ServiceApp } from '@emailauth/service/app'
import { z } from 'zod'
import { orUnavailable } from '../message-state/or-unavailable.ts'
import type { OutcomeList } from './outcome-list.ts'

/** The routes by which persistence fetches outcomes to report. */
export function addOutcomeRoutes(app: ServiceApp, outcomes: OutcomeList): void {
  app.post(
    '/v1/outcomes/lease',
    {
      schema: {
        summary: 'What became of mails after their send was answered; nobody else is given these for a while',
        body: outcomeLeaseRequest,
        response: { 200: outcomeList, 503: problem },
      },
    },
    async ({ body }) => ({ outcomes: [...(await orUnavailable(outcomes.lease(body.max)))] }),
  )

  app.post(
    '/v1/outcomes/acknowledged',
    {
      schema: {
        summary: 'Acknowledges outcomes: they are not handed out again',
        body: outcomeAcknowledgement,
        response: { 204: z.null(), 503: problem },
      },
    },
    async ({ body }, reply) => {
      await orUnavailable(outcomes.acknowledge(body.outcomes))
      return reply.code(204).send(null)
    },
  )
}
