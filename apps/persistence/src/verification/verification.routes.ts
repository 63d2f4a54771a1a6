import { exchangeRequest, hostedVerificationRequest } from '@emailauth/contracts/hosted-page'
import { problem } from '@emailauth/contracts/problems'
import {
  verification,
  verificationBatchReply,
  verificationBatchRequest,
  verificationRequest,
} from '@emailauth/contracts/verifications'
import type { Batches } from '@emailauth/rpc/server/batches'
import type { ServiceApp } from '@emailauth/service/http/app'
import { sendProblem } from '@emailauth/service/http/problem-replies'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { z } from 'zod'
import { forTenant } from '../calls/for-tenant.ts'
import { runBatch } from '../calls/run-batch.ts'
import type { Tenants } from '../calls/tenants.ts'
import { deadlineOf } from '../store/store-time.routes.ts'
import type { Exchange } from './exchange.ts'
import type { Verify } from './verify.ts'

interface VerificationRoutesPort {
  readonly tenants: Pick<Tenants, 'known' | 'get'>
  readonly verify: Verify
  readonly exchange: Exchange
}

/** The rules, for the tenant that a request names. */
type TenantRules = ReturnType<typeof rulesForTenant>

const route = routeWith<TenantRules>()

export function addVerificationRoutes(
  app: ServiceApp,
  batches: Batches,
  ports: VerificationRoutesPort,
): void {
  const rules = rulesForTenant(ports)
  addRoutes(app, rules, [verifyNumber, verifyForPage, exchangeResult])
  batches.add({
    path: '/v1/verifications/batch',
    summary: 'Many verifications in one request; each succeeds or fails by itself',
    body: verificationBatchRequest,
    reply: verificationBatchReply,
    answer: async ({ requests }, batch) => ({ results: await runBatch(batch, requests, rules.verify) }),
  })
}

function rulesForTenant({ tenants, verify, exchange }: VerificationRoutesPort) {
  return { verify: forTenant(tenants, verify), exchange: forTenant(tenants, exchange) }
}

const verifyNumber = route({
  method: 'POST',
  url: '/v1/verifications',
  schema: {
    summary: 'Trade a number for the token, once',
    body: verificationRequest,
    response: { 200: verification, default: problem },
  },
  handler: async ({ verify }, request, reply) => {
    const result = await verify(request.body, deadlineOf(request))
    if ('problem' in result) return sendProblem(request, reply, result.problem)
    return reply.code(200).send(result.verification)
  },
})

const verifyForPage = route({
  method: 'POST',
  url: '/v1/hosted-verifications',
  schema: {
    summary: 'Trade a number, typed into the hosted page, for a result that trades for the token once',
    body: hostedVerificationRequest,
    response: { 204: z.null(), default: problem },
  },
  handler: async ({ verify }, request, reply) => {
    const result = await verify(request.body, deadlineOf(request))
    if ('problem' in result) return sendProblem(request, reply, result.problem)
    return reply.code(204).send(null)
  },
})

const exchangeResult = route({
  method: 'POST',
  url: '/v1/exchanges',
  schema: {
    summary: 'Trade a result of the hosted page for the token, once',
    body: exchangeRequest,
    response: { 200: verification, default: problem },
  },
  handler: async ({ exchange }, request, reply) => {
    const result = await exchange(request.body, deadlineOf(request))
    if ('problem' in result) return sendProblem(request, reply, result.problem)
    return reply.code(200).send(result.verification)
  },
})
