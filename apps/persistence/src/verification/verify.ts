import { type ClientNetwork, clientNetwork } from '@emailauth/contracts/client-network'
import { REPLAY_SECONDS } from '@emailauth/contracts/common'
import { SHORTEST_ALONE, triesFor } from '@emailauth/contracts/number-policy'
import { type Problem, toProblem } from '@emailauth/contracts/problems'
import type { Tenant } from '@emailauth/contracts/tenants'
import type { VerificationRequest, VerificationResult } from '@emailauth/contracts/verifications'
import { type Address, readAddress } from '../addresses/address.ts'
import { claimCallName, conflict } from '../limits/claim.ts'
import { clientDigests, clientLimits } from '../limits/client-limits.ts'
import { limited } from '../limits/limited.ts'
import { ratesOf } from '../limits/rates.ts'
import { countsInRule, type SharedLimit, underSharedLimits } from '../limits/shared-limits.ts'
import { partitionOfNumber } from '../numbers/generate.ts'
import { readTypedNumber } from '../numbers/typed.ts'
import { type IdentityLocation, parseIdentityId, toIdentityId } from '../store/identity-id.ts'
import { openRecord } from '../store/identity-record.ts'
import {
  callName,
  digests,
  nowArgument,
  partitionOfAddress,
  runRule,
  type StoreContext,
} from '../store/partition.ts'
import { type ScriptArguments, scripts, type VerifyReply } from '../store/scripts.ts'

/** Trades a number for the token, once. */
export type Verify = (
  tenant: Tenant,
  request: VerificationRequest,
  deadline?: number,
) => Promise<VerificationResult>

/** A request that was understood, and that names a number and an identity that may exist. */
interface VerifyCall {
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
  /** Everything that makes two calls the same call. */
  readonly input: readonly unknown[]
}

export function createVerify(context: StoreContext): Verify {
  const ask = (call: VerifyCall, deadline: number | undefined): Promise<VerifyReply> => {
    const at = { tenantId: call.tenant.id, partition: call.partition }
    return runRule(context, scripts.verify, at, toArguments(context, call), deadline)
  }

  return async (tenant, request, deadline) => {
    const call = readCall(context, tenant, request)
    if ('problem' in call) return call
    if (countsInRule(context)) return readReply(context, call, await ask(call, deadline))
    const claimed = await claimCallName(context, tenant.id, {
      operation: 'verify',
      request,
      input: call.input,
    })
    if (claimed !== undefined) return claimed
    return underSharedLimits(
      context,
      { tenantId: tenant.id, deadline },
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

function readCall(
  context: StoreContext,
  tenant: Tenant,
  request: VerificationRequest,
): VerifyCall | { problem: Problem } {
  const { identityId, email } = request
  const bound = identityId !== undefined || email !== undefined
  if (tenant.settings.verification === 'BOUND' && !bound) {
    const detail = 'This tenant verifies BOUND: identityId or email must come with the number.'
    return { problem: toProblem('bad-input', detail, { field: 'identityId' }) }
  }
  const number = readTypedNumber(request.number)
  const place = identityId === undefined ? undefined : parseIdentityId(context, identityId)
  const address = email === undefined ? undefined : readAddress(email)
  // What cannot be a number, an identity of this tenant or an address was never looked up, so it is counted nowhere.
  if (number === undefined) return { problem: wrongCredentials() }
  // Such numbers were given out while the tenant was BOUND: alone they would be too easy to guess.
  if (!bound && number.length < SHORTEST_ALONE) return { problem: wrongCredentials() }
  if (identityId !== undefined && place?.tenantId !== tenant.id) return { problem: wrongCredentials() }
  if (address !== undefined && 'fault' in address) return { problem: wrongCredentials() }
  const partition = partitionOfCall(context, number, place, address)
  if (partition >= context.partitions) return { problem: wrongCredentials() }
  const client = request.clientIp === undefined ? undefined : clientNetwork(request.clientIp)
  const input = [number, identityId ?? null, address?.key ?? null, client?.network ?? null]
  return { tenant, request, number, place, address, client, bound, partition, input }
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

/** The limits that may stop a call on a Cluster: its client's, and the tenant's miss budget. */
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
  return [...limits, { limit: 'miss-budget', log: 'budget', digests: [], rates: missBudget, home: 0 }]
}

/**
 * Whether a miss counts to the tenant's budget: by number alone, and with BOUND by an address alone, because addresses are known
 * to anybody. Whoever sends the identityId has registered, and never meets this limit.
 */
function usesMissBudget({ tenant, place, bound }: VerifyCall): boolean {
  return !bound || (tenant.settings.verification === 'BOUND' && place === undefined)
}

/** The arguments of lua/verify.lua. */
function toArguments(context: StoreContext, call: VerifyCall): ScriptArguments {
  const { tenant, request, number, place, address, client, bound, input } = call
  const { settings } = tenant
  const name = callName(tenant.id, request)
  const isCounted = countsInRule(context)
  const rates = ratesOf(settings, context.partitions)
  const args: ScriptArguments = [
    nowArgument(context),
    REPLAY_SECONDS * 1000,
    triesFor(settings),
    place?.member ?? '',
    rates.missesPerClientIp,
    isCounted && usesMissBudget(call) ? rates.missBudget : '',
    bound ? '1' : '0',
    rates.missesPerWiderNetwork,
    bound && settings.verification === 'NUMBER' ? rates.namedMisses : '',
  ]
  for (const key of context.ring.keys) {
    args.push(
      digests.request(key, 'verify', name),
      digests.fingerprint(key, request, input),
      digests.number(key, tenant.id, number),
      address === undefined ? '' : digests.address(key, tenant.id, address.key),
      ...clientDigests(key, tenant.id, isCounted ? client : undefined),
    )
  }
  return args
}

/** Whether a wrong look-up happened, rather than the answer to an earlier one being told again. */
function isFreshMiss(reply: VerifyReply): boolean {
  const kind = reply[0].toString()
  return kind === 'burned' || (kind === 'wrong' && String(reply[1] ?? '') !== 'again')
}

/** Whether a wrong number meant no live identity. */
function isAboutNobody(reply: VerifyReply): boolean {
  return String(reply[1] ?? '') === 'nobody'
}

function readReply(
  context: StoreContext,
  { tenant, partition }: VerifyCall,
  reply: VerifyReply,
): VerificationResult {
  switch (reply[0].toString()) {
    case 'verified': {
      const [, member, record] = reply as [Buffer, Buffer, Buffer]
      const { email, token, createdAtMs } = openRecord(context.ring, tenant.id, member, record)
      const identityId = toIdentityId(context, { tenantId: tenant.id, partition, member })
      return { verification: { identityId, email, token, registeredAt: new Date(createdAtMs).toISOString() } }
    }
    case 'wrong':
    case 'burned':
      return { problem: wrongCredentials() }
    case 'limited':
      return { problem: limited(reply) }
    case 'conflict':
      return { problem: conflict('verify') }
    default:
      throw new Error(`The verify rule answered ${reply[0].toString()}.`)
  }
}

/** The one answer to every number that is not good, whatever the reason. */
function wrongCredentials(): Problem {
  return toProblem(
    'wrong-credentials',
    'This number is not valid: it may be mistyped, used, expired or replaced by a newer one.',
  )
}
