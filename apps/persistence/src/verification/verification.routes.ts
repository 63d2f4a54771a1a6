import { problem } from '@emailauth/contracts/problems'
import {
  verification,
  verificationBatchReply,
  verificationBatchRequest,
  verificationRequest,
} from '@emailauth/contracts/verifications'
import type { Batches } from '@emailauth/rpc/server/batches'
import type { ServiceApp } from '@emailauth/service/app'
import { sendProblem } from '@emailauth/service/problem-replies'
import { runBatch } from '../batch/run-batch.ts'
import { deadlineOf } from '../store/store-time.routes.ts'
import type { Store } from '../store.ts'
import { forTenant } from '../tenants/for-tenant.ts'

export function addVerificationRoutes(app: ServiceApp, batches: Batches, store: Store): void {
  const verify = forTenant(store.tenants, store.verify)

  app.post(
    '/v1/verifications',
    {
      schema: {
        summary: 'Trade a number for the token, once',
        body: verificationRequest,
        response: { 200: verification, default: problem },
      },
    },
    async (request, reply) => {
      const result = await verify(request.body, deadlineOf(request))
      if ('problem' in result) return sendProblem(request, reply, result.problem)
      return reply.code(200).send(result.verification)
    },
  )

  batches.add({
    path: '/v1/verifications/batch',
    summary: 'Many verifications in one request; each succeeds or fails by itself',
    body: verificationBatchRequest,
    reply: verificationBatchReply,
    answer: async ({ requests }, batch) => ({ results: await runBatch(batch, requests, verify) }),
  })
}
