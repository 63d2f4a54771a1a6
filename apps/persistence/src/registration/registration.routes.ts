import type { DeliveryDetail } from '@emailauth/contracts/events'
import { problem } from '@emailauth/contracts/problems'
import {
  mailRefundRequest,
  refusalRequest,
  registration,
  registrationBatchReply,
  registrationBatchRequest,
  registrationRequest,
  resendRequest,
} from '@emailauth/contracts/registrations'
import type { Batches } from '@emailauth/rpc/server/batches'
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { sendProblem } from '@emailauth/service/http/problem-replies'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { z } from 'zod'
import { forTenant } from '../calls/for-tenant.ts'
import { runBatch } from '../calls/run-batch.ts'
import type { Tenants } from '../calls/tenants.ts'
import type { StoreContext } from '../store/partition.ts'
import { deadlineOf } from '../store/store-time.routes.ts'
import type { RefundMail } from './refund-mail.ts'
import type { Register } from './register.ts'
import type { Resend } from './resend.ts'
import { refusingShortLives } from './short-lives.ts'

interface RegistrationRoutesPort {
  readonly context: StoreContext
  readonly tenants: Pick<Tenants, 'known' | 'get'>
  readonly register: Register
  readonly resend: Resend
  readonly refundMail: RefundMail
  readonly identities: {
    refuse(id: string, by?: { delivery?: DeliveryDetail; deadline?: number | undefined }): Promise<boolean>
  }
}

/** The rules for the tenant that a request names, and the identities whose mail was refused. */
type RegistrationRules = ReturnType<typeof rulesForTenant> &
  Pick<RegistrationRoutesPort, 'identities' | 'refundMail'>

const route = routeWith<RegistrationRules>()

export function addRegistrationRoutes(
  app: ServiceApp,
  batches: Batches,
  ports: RegistrationRoutesPort,
): void {
  const { register, resend } = rulesForTenant(ports)
  const { identities, refundMail } = ports
  const routes = [registerAddress, resendNumber, reportRefusal, refundUnsentMail]
  addRoutes(app, { register, resend, identities, refundMail }, routes)
  batches.add({
    path: '/v1/registrations/batch',
    summary: 'Many registrations in one request; each succeeds or fails by itself',
    body: registrationBatchRequest,
    reply: registrationBatchReply,
    answer: async ({ requests }, batch) => ({ results: await runBatch(batch, requests, register) }),
  })
}

function rulesForTenant({ context, tenants, register, resend }: RegistrationRoutesPort) {
  return {
    register: forTenant(tenants, refusingShortLives(context, register)),
    resend: forTenant(tenants, resend),
  }
}

const registerAddress = route({
  method: 'POST',
  url: '/v1/registrations',
  schema: {
    summary: 'Put a token and an address under a new number',
    body: registrationRequest,
    response: { 201: registration, default: problem },
  },
  handler: async ({ register }, request, reply) => {
    const result = await register(request.body, deadlineOf(request))
    if ('problem' in result) return sendProblem(request, reply, result.problem)
    return reply.code(201).send(result.registration)
  },
})

const resendNumber = route({
  method: 'POST',
  url: '/v1/resends',
  schema: {
    summary: 'The same number once more, counted by the limits',
    body: resendRequest,
    response: { 201: registration, default: problem },
  },
  handler: async ({ resend }, request, reply) => {
    const result = await resend(request.body, deadlineOf(request))
    if ('problem' in result) return sendProblem(request, reply, result.problem)
    return reply.code(201).send(result.registration)
  },
})

const reportRefusal = route({
  method: 'POST',
  url: '/v1/refusals',
  schema: {
    summary: 'The mail was refused for good: the identity goes, the mail is not counted',
    body: refusalRequest,
    response: { 204: z.null(), default: problem },
  },
  handler: async ({ identities }, request, reply) => {
    const { tenantId, identityId, ...delivery } = request.body
    if (
      !identityId.startsWith(`${tenantId}.`) ||
      !(await identities.refuse(identityId, { delivery, deadline: deadlineOf(request) }))
    ) {
      throw new ProblemError('identity-not-found', 'No live identity has this id.')
    }
    return reply.code(204).send(null)
  },
})

const refundUnsentMail = route({
  method: 'POST',
  url: '/v1/mail-refunds',
  schema: {
    summary:
      'The mailer was certainly not asked for this mail: it is not counted, if nobody repeated the call',
    body: mailRefundRequest,
    response: { 204: z.null(), default: problem },
  },
  handler: async ({ refundMail }, request, reply) => {
    await refundMail(request.body, deadlineOf(request))
    return reply.code(204).send(null)
  },
})
