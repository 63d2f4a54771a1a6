import type { DeliveryDetail } from '@emailauth/contracts/events'
import { problem } from '@emailauth/contracts/problems'
import {
  refusalRequest,
  registration,
  registrationBatchReply,
  registrationBatchRequest,
  registrationRequest,
  resendRequest,
} from '@emailauth/contracts/registrations'
import type { Batches } from '@emailauth/rpc/server/batches'
import type { ServiceApp } from '@emailauth/service/app'
import { ProblemError } from '@emailauth/service/problem-error'
import { sendProblem } from '@emailauth/service/problem-replies'
import { z } from 'zod'
import { forTenant } from '../calls/for-tenant.ts'
import { runBatch } from '../calls/run-batch.ts'
import type { Tenants } from '../calls/tenants.ts'
import type { StoreContext } from '../store/partition.ts'
import { deadlineOf } from '../store/store-time.routes.ts'
import type { Register } from './register.ts'
import type { Resend } from './resend.ts'
import { refusingShortLives } from './short-lives.ts'

interface RegistrationRoutesPort {
  readonly context: StoreContext
  readonly tenants: Pick<Tenants, 'known' | 'get'>
  readonly register: Register
  readonly resend: Resend
  readonly identities: {
    refuse(id: string, by?: { delivery?: DeliveryDetail; deadline?: number | undefined }): Promise<boolean>
  }
}

export function addRegistrationRoutes(
  app: ServiceApp,
  batches: Batches,
  { context, tenants, identities, ...rules }: RegistrationRoutesPort,
): void {
  const register = forTenant(tenants, refusingShortLives(context, rules.register))
  const resend = forTenant(tenants, rules.resend)
  const outcome = { 201: registration, default: problem }

  app.post(
    '/v1/registrations',
    {
      schema: {
        summary: 'Put a token and an address under a new number',
        body: registrationRequest,
        response: outcome,
      },
    },
    async (request, reply) => {
      const result = await register(request.body, deadlineOf(request))
      if ('problem' in result) return sendProblem(request, reply, result.problem)
      return reply.code(201).send(result.registration)
    },
  )

  batches.add({
    path: '/v1/registrations/batch',
    summary: 'Many registrations in one request; each succeeds or fails by itself',
    body: registrationBatchRequest,
    reply: registrationBatchReply,
    answer: async ({ requests }, batch) => ({ results: await runBatch(batch, requests, register) }),
  })

  app.post(
    '/v1/resends',
    {
      schema: {
        summary: 'The same number once more, counted by the limits',
        body: resendRequest,
        response: outcome,
      },
    },
    async (request, reply) => {
      const result = await resend(request.body, deadlineOf(request))
      if ('problem' in result) return sendProblem(request, reply, result.problem)
      return reply.code(201).send(result.registration)
    },
  )

  app.post(
    '/v1/refusals',
    {
      schema: {
        summary: 'The mail was refused for good: the identity goes, the mail is not counted',
        body: refusalRequest,
        response: { 204: z.null(), default: problem },
      },
    },
    async (request, reply) => {
      const { tenantId, identityId, ...delivery } = request.body
      if (
        !identityId.startsWith(`${tenantId}.`) ||
        !(await identities.refuse(identityId, { delivery, deadline: deadlineOf(request) }))
      ) {
        throw new ProblemError('identity-not-found', 'No live identity has this id.')
      }
      return reply.code(204).send(null)
    },
  )
}
