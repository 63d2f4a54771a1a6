import { REPLAY_SECONDS } from '@emailauth/contracts/common'
import { type ExchangeRequest, hostedResult } from '@emailauth/contracts/hosted-page'
import type { Tenant } from '@emailauth/contracts/tenants'
import type { VerificationResult } from '@emailauth/contracts/verifications'
import { conflict } from '../limits/claim.ts'
import { parseIdentityId } from '../store/identity-id.ts'
import { digests, nowArgument, runRule, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'
import { verificationOf, wrongResult } from './verification-of.ts'

/** Trades a result of the hosted page for the token, once. */
export type Exchange = (
  tenant: Tenant,
  request: ExchangeRequest,
  deadline?: number,
) => Promise<VerificationResult>

export function createExchange(context: StoreContext): Exchange {
  return async (tenant, request, deadline) => {
    const { identityId, result } = request
    const location = parseIdentityId(context, identityId)
    if (location?.tenantId !== tenant.id || !hostedResult.safeParse(result).success) return wrongResult()
    const args = {
      now: nowArgument(context),
      keptMs: REPLAY_SECONDS * 1000,
      member: location.member,
      each: context.ring.keys.map((key) => ({
        request: digests.request(key, 'exchange', tenant.id, request),
        fingerprint: digests.fingerprint(key, request, [identityId, result]),
        result: digests.result(key, tenant.id, result),
      })),
    }
    const reply = await runRule(context, scripts.exchange, location, args, deadline)
    switch (reply.kind) {
      case 'verified':
        return verificationOf(context, location, reply)
      case 'wrong':
        return wrongResult()
      case 'conflict':
        return { problem: conflict('exchange') }
      default:
        throw new Error(`The exchange rule replied ${reply.kind}.`)
    }
  }
}
