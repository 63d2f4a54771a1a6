import { mailAct } from '@emailauth/contracts/events'
import { problem } from '@emailauth/contracts/problems'
import type { ServiceApp } from '@emailauth/service/http/app'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { z } from 'zod'
import { actorOrSystem } from './actor-of.ts'
import type { Audit } from './audit.ts'

const route = routeWith<Audit>()

/** Records the acts of admins at the mailer in the audit log. */
export function addActRoutes(app: ServiceApp, audit: Audit): void {
  addRoutes(app, audit, [recordAct])
}

const recordAct = route({
  method: 'POST',
  url: '/v1/acts',
  schema: {
    summary: 'Write down what an admin is about to do at the mailer',
    body: mailAct,
    response: { 204: z.null(), default: problem },
  },
  handler: async (audit, request, reply) => {
    await audit.record({ ...request.body, actor: actorOrSystem(request) })
    return reply.code(204).send(null)
  },
})
