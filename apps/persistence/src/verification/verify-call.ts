import { type ClientNetwork, clientNetwork } from '@emailauth/contracts/client-network'
import type { HostedVerificationRequest } from '@emailauth/contracts/hosted-page'
import { SHORTEST_ALONE } from '@emailauth/contracts/number-policy'
import { type Problem, toProblem } from '@emailauth/contracts/problems'
import type { Tenant } from '@emailauth/contracts/tenants'
import { readTypedNumber } from '@emailauth/contracts/typed-number'
import type { VerificationRequest } from '@emailauth/contracts/verifications'
import { type Address, readAddress } from '../addresses/address.ts'
import { partitionOfNumber } from '../numbers/generate.ts'
import { type IdentityLocation, parseIdentityId } from '../store/identity-id.ts'
import { partitionOfAddress, type StoreContext } from '../store/partition.ts'
import type { VerifyTarget } from '../test-mode/test-identities.ts'
import { provokedLimit } from '../test-mode/test-limits.ts'

/** A valid request. */
export interface VerifyCall {
  readonly tenant: Tenant
  readonly request: VerificationRequest | HostedVerificationRequest
  readonly number: string
  readonly location: IdentityLocation | undefined
  readonly address: Address | undefined
  /** undefined: the caller gave none, or no limit counts this call. */
  readonly client: ClientNetwork | undefined
  /** Whether the call names an identity or an address beside the number. */
  readonly bound: boolean
  readonly partition: number
  /** Only in a test tenant. */
  readonly target: VerifyTarget | undefined
  /** Two calls with the same input are the same call. */
  readonly input: readonly unknown[]
}

/** Reads a request, or answers a problem where there is nothing to look up. */
export function readVerifyCall(
  context: StoreContext,
  tenant: Tenant,
  request: VerificationRequest | HostedVerificationRequest,
  target?: VerifyTarget,
): VerifyCall | { problem: Problem } {
  const { identityId, email } = request
  const isBound = identityId !== undefined || email !== undefined
  const bound = isBound || target?.identity !== undefined
  if (tenant.settings.verification === 'BOUND' && !isBound) {
    const detail = 'This tenant verifies BOUND: identityId or email must come with the number.'
    return { problem: toProblem('bad-input', detail, { field: 'identityId' }) }
  }
  const number = readTypedNumber(request.number)
  const location = target?.identity?.location ?? locationOf(context, identityId)
  const address = email === undefined ? undefined : readAddress(email)
  // Invalid input is not looked up, so it helps no guesser and no limit counts it.
  if (number === undefined) return { problem: wrongCredentials() }
  // A number this short is from when the tenant was BOUND. Alone it would be too easy to guess.
  if (!bound && number.length < SHORTEST_ALONE) return { problem: wrongCredentials() }
  if (identityId !== undefined && location?.tenantId !== tenant.id) return { problem: wrongCredentials() }
  if (address !== undefined && 'fault' in address) return { problem: wrongCredentials() }
  const partition = partitionOfCall(context, number, location, address)
  if (partition >= context.partitions) return { problem: wrongCredentials() }
  const provoked = provokedLimit('verify', target?.identity?.address)
  if (provoked !== undefined) return { problem: provoked }
  const from = request.clientIp === undefined ? undefined : clientNetwork(request.clientIp)
  const input = [number, identityId ?? null, address?.key ?? null, senderOf(request, from)]
  const client = target?.counts === false ? undefined : from
  return { tenant, request, number, location, address, client, bound, partition, target, input }
}

/**
 * The name of a page's call is derived from the form. Its repetition may come from another network, because a
 * phone that lost the answer may have left the Wi-Fi; it must get the result all the same.
 */
function senderOf(request: VerifyCall['request'], from: ClientNetwork | undefined): string | null {
  return 'result' in request ? request.result : (from?.network ?? null)
}

function locationOf(context: StoreContext, identityId: string | undefined): IdentityLocation | undefined {
  return identityId === undefined ? undefined : parseIdentityId(context, identityId)
}

function partitionOfCall(
  context: StoreContext,
  number: string,
  location: IdentityLocation | undefined,
  address: Address | undefined,
): number {
  if (location !== undefined) return location.partition
  if (address !== undefined) return partitionOfAddress(context, address)
  return partitionOfNumber(number, context.partitions)
}

/**
 * Whether a miss counts against the tenant's budget. It does for a number alone, and with BOUND for an
 * address alone, because anybody may know an address. A caller with the identityId has registered, so it does
 * not.
 */
export function usesMissBudget({ tenant, location, bound, target }: VerifyCall): boolean {
  if (target?.counts === false) return false
  return !bound || (tenant.settings.verification === 'BOUND' && location === undefined)
}

/** What still works when the budget of misses is used up. */
export function wayOutOf(call: VerifyCall): string {
  if (!usesMissBudget(call)) return ''
  return call.bound ? '; verify with identityId still works' : '; verify with identityId or email still works'
}

/** The problem for every invalid number, whatever the reason. */
export function wrongCredentials(): Problem {
  return toProblem(
    'wrong-credentials',
    'This number is not valid: it may be mistyped, used, expired or replaced by a newer one.',
  )
}
