import { REPLAY_SECONDS } from '@emailauth/contracts/common'
import { type HostedVerificationRequest, RESULT_SECONDS } from '@emailauth/contracts/hosted-page'
import { triesFor } from '@emailauth/contracts/number-policy'
import type { Tenant } from '@emailauth/contracts/tenants'
import type { VerificationRequest, VerificationResult } from '@emailauth/contracts/verifications'
import { conflict } from '../limits/claim.ts'
import { clientLimits, networkDigest } from '../limits/client-limits.ts'
import { limited } from '../limits/limited.ts'
import { ratesOf } from '../limits/rates.ts'
import type { Reservations, SharedLimit } from '../limits/reservations.ts'
import { countsInRule, runAcrossPartitions } from '../limits/shared-limits.ts'
import { NUMBER_DIGEST_BYTES } from '../store/identity-record.ts'
import { digests, nowArgument, runRule, type StoreContext } from '../store/partition.ts'
import type { VerifyReply } from '../store/replies.ts'
import { scripts } from '../store/scripts.ts'
import type { TestIdentities } from '../test-mode/test-identities.ts'
import { verificationOf } from './verification-of.ts'
import { readVerifyCall, usesMissBudget, type VerifyCall, wayOutOf, wrongCredentials } from './verify-call.ts'

/** Trades a number for the token, once. */
export type Verify = (
  tenant: Tenant,
  request: VerificationRequest | HostedVerificationRequest,
  deadline?: number,
) => Promise<VerificationResult>

export function createVerify(
  context: StoreContext,
  testIdentities: Pick<TestIdentities, 'targetOf'>,
  reservations: Reservations,
): Verify {
  const across = { context, reservations }
  const ask = (call: VerifyCall, deadline: number | undefined): Promise<VerifyReply> => {
    const at = { tenantId: call.tenant.id, partition: call.partition }
    return runRule(context, scripts.verify, at, toArguments(context, call), deadline)
  }

  return async (tenant, request, deadline) => {
    const target = tenant.testMode ? await testIdentities.targetOf(tenant, request) : undefined
    const call = readVerifyCall(context, tenant, request, target)
    if ('problem' in call) return call
    if (countsInRule(context)) return readReply(context, call, await ask(call, deadline))
    return runAcrossPartitions(
      across,
      { operation: 'verify', tenantId: tenant.id, request, input: call.input, deadline },
      limitsBefore(context, call),
      async () => {
        const reply = await ask(call, deadline)
        const isMiss = isFreshMiss(reply)
        const counts = ({ log }: SharedLimit) =>
          isMiss && (log !== 'budget' || !call.bound || !isAboutNobody(reply))
        return { result: readReply(context, call, reply), counts }
      },
    )
  }
}

/** The limits that are checked before the rule on a Cluster: the client's, and the tenant's miss budget. */
function limitsBefore(context: StoreContext, call: VerifyCall): SharedLimit[] {
  const { tenant, client } = call
  const { missesPerClientIp, missesPerWiderNetwork, missBudget } = ratesOf(
    tenant.settings,
    context.partitions,
  )
  const ofClient = { tenantId: tenant.id, client, log: 'm:' } as const
  const limits = clientLimits(context, {
    ...ofClient,
    rates: missesPerClientIp,
    widerRates: missesPerWiderNetwork,
  })
  if (!usesMissBudget(call)) return limits
  return [
    ...limits,
    { limit: 'miss-budget', log: 'budget', digests: [], rates: missBudget, home: 0, wayOut: wayOutOf(call) },
  ]
}

type VerifyArguments = Parameters<typeof scripts.verify>[2]

/** The arguments of lua/rules/verify.lua. */
function toArguments(context: StoreContext, call: VerifyCall): VerifyArguments {
  const { tenant, request, number, location, address, client, bound, target, input } = call
  const { settings } = tenant
  const isCounted = countsInRule(context)
  const counted = isCounted ? client : undefined
  const rates = ratesOf(settings, context.partitions)
  // An identity of a reserved address is stored under a random digest, so the right number is replaced by
  // that.
  const right = target?.identity?.right === number ? target.identity.location.member : undefined
  return {
    now: nowArgument(context),
    keptMs: REPLAY_SECONDS * 1000,
    mostTries: target?.identity?.address?.tags.has('burned') ? 1 : triesFor(settings),
    member: location?.member ?? '',
    networkRates: rates.missesPerClientIp,
    budgetRates: isCounted && usesMissBudget(call) ? rates.missBudget : '',
    bound: bound ? '1' : '0',
    widerRates: counted?.wider === undefined ? '' : rates.missesPerWiderNetwork,
    namedRate:
      bound && settings.verification === 'NUMBER' && target?.counts !== false ? rates.namedMisses : '',
    result: 'result' in request ? digests.result(context.ring.keys[0], tenant.id, request.result) : '',
    resultMs: RESULT_SECONDS * 1000,
    each: context.ring.keys.map((key) => ({
      request: digests.request(key, 'verify', tenant.id, request),
      fingerprint: digests.fingerprint(key, request, input),
      number: right?.subarray(0, NUMBER_DIGEST_BYTES) ?? digests.number(key, tenant.id, number),
      address: address === undefined ? '' : digests.address(key, tenant.id, address.key),
      network: networkDigest(key, tenant.id, counted?.network),
      wider: networkDigest(key, tenant.id, counted?.wider),
    })),
  }
}

/** Whether a miss happened. A kept reply of an earlier miss is none. */
function isFreshMiss(reply: VerifyReply): boolean {
  return reply.kind === 'burned' || (reply.kind === 'wrong' && reply.about !== 'again')
}

/** Whether the miss meant no live identity. */
function isAboutNobody(reply: VerifyReply): boolean {
  return reply.kind === 'wrong' && reply.about === 'nobody'
}

function readReply(context: StoreContext, call: VerifyCall, reply: VerifyReply): VerificationResult {
  const { tenant, partition } = call
  switch (reply.kind) {
    case 'verified':
      return verificationOf(context, { tenantId: tenant.id, partition }, reply)
    case 'wrong':
    case 'burned':
      return { problem: wrongCredentials() }
    case 'limited':
      return { problem: limited(reply, wayOutOf(call)) }
    case 'conflict':
      return { problem: conflict('verify') }
  }
}
