import { type ClientNetwork, clientNetwork } from '@emailauth/contracts/client-network'
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

/** A request that was understood, and that names a number and an identity that may exist. */
export interface VerifyCall {
  readonly tenant: Tenant
  readonly request: VerificationRequest
  readonly number: string
  readonly place: IdentityLocation | undefined
  readonly address: Address | undefined
  /** Absent when the caller gave none. */
  readonly client: ClientNetwork | undefined
  /** Whether identity or address came with the number. */
  readonly bound: boolean
  readonly partition: number
  /** Of a call in a test tenant: which reserved address's identity it means, and whether limits count it. */
  readonly target: VerifyTarget | undefined
  /** Everything that makes two calls the same call. */
  readonly input: readonly unknown[]
}

/** Reads a request, or answers it where there is nothing to look up. */
export function readVerifyCall(
  context: StoreContext,
  tenant: Tenant,
  request: VerificationRequest,
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
  const place =
    target?.identity?.location ??
    (identityId === undefined ? undefined : parseIdentityId(context, identityId))
  const address = email === undefined ? undefined : readAddress(email)
  // Input that cannot be a number, identity or address was never looked up, so no limit counts it.
  if (number === undefined) return { problem: wrongCredentials() }
  // Such numbers were given out while the tenant was BOUND: alone they would be too easy to guess.
  if (!bound && number.length < SHORTEST_ALONE) return { problem: wrongCredentials() }
  if (identityId !== undefined && place?.tenantId !== tenant.id) return { problem: wrongCredentials() }
  if (address !== undefined && 'fault' in address) return { problem: wrongCredentials() }
  const partition = partitionOfCall(context, number, place, address)
  if (partition >= context.partitions) return { problem: wrongCredentials() }
  const provoked = provokedLimit('verify', target?.identity?.address)
  if (provoked !== undefined) return { problem: provoked }
  const from = request.clientIp === undefined ? undefined : clientNetwork(request.clientIp)
  const input = [number, identityId ?? null, address?.key ?? null, from?.network ?? null]
  const client = target?.counts === false ? undefined : from
  return { tenant, request, number, place, address, client, bound, partition, target, input }
}

function partitionOfCall(
  context: StoreContext,
  number: string,
  place: IdentityLocation | undefined,
  address: Address | undefined,
): number {
  if (place !== undefined) return place.partition
  if (address !== undefined) return partitionOfAddress(context, address)
  return partitionOfNumber(number, context.partitions)
}

/**
 * Whether a miss counts to the tenant's budget: by number alone, and with BOUND by an address alone, because addresses are known
 * to anybody. Whoever sends the identityId has registered, and never meets this limit.
 */
export function usesMissBudget({ tenant, place, bound, target }: VerifyCall): boolean {
  if (target?.counts === false) return false
  return !bound || (tenant.settings.verification === 'BOUND' && place === undefined)
}

/** What works when the budget of wrong numbers is used up. */
export function wayOutOf(call: VerifyCall): string {
  if (!usesMissBudget(call)) return ''
  return call.bound ? '; verify with identityId still works' : '; verify with identityId or email still works'
}

/** The one answer to every number that is not good, whatever the reason. */
export function wrongCredentials(): Problem {
  return toProblem(
    'wrong-credentials',
    'This number is not valid: it may be mistyped, used, expired or replaced by a newer one.',
  )
}
