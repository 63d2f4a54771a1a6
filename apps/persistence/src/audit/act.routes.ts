import { mailAct } from '@emailauth/contracts/events'
import { problem } from '@emailauth/contracts/problems'
import type { ServiceApp } from '@emailauth/service/app'
import { z } from 'zod'
import { actorOrSystem } from './actor-of.ts'
import type { Audit } from './audit.ts'

/** Records the acts of admins at the mailer in the audit log. */
export function addActRoutes(app: ServiceApp, audit: Audit): void {
  app.post(
    '/v1/acts',
    {
      schema: {
        summary: 'Write down what an admin is about to do at the mailer',
        body: mailAct,
        response: { 204: z.null(), default: problem },
      },
    },
    async (request, reply) => {
      await audit.record({ ...request.body, actor: actorOrSystem(request) })
      return reply.code(204).send(null)
    },
  )
}
