import { REPLAY_SECONDS } from '@emailauth/contracts/common'
import { type Problem, toProblem } from '@emailauth/contracts/problems'
import type { Tenant } from '@emailauth/contracts/tenants'
import type { VerificationRequest, VerificationResult } from '@emailauth/contracts/verifications'
import { type Address, readAddress } from '../addresses/address.ts'
import { claimCallName, conflict } from '../limits/claim.ts'
import { limited } from '../limits/limited.ts'
import { ratesOf } from '../limits/rates.ts'
import { countsInRule, reserve, type SharedLimit, underSharedLimits } from '../limits/shared-limits.ts'
import { partitionOfNumber } from '../numbers/generate.ts'
import { readTypedNumber } from '../numbers/typed.ts'
import { type IdentityLocation, parseIdentityId, toIdentityId } from '../store/identity-id.ts'
import { openRecord } from '../store/identity-record.ts'
import {
  callName,
  digests,
  nowArgument,
  partitionOf,
  partitionOfAddress,
  runRule,
  type StoreContext,
} from '../store/partition.ts'
import { type ScriptArguments, scripts, type VerifyReply } from '../store/scripts.ts'

/** With NUMBER a number is too long to be guessed, so only a flood of wrong tries at one identity burns it. */
const NUMBER_TRIES = 100

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
        const counts = isFreshMiss(reply)
        if (counts && call.bound) await reserve(context, { tenantId: tenant.id }, missBudget(tenant))
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
  const place = identityId === undefined ? undefined : parseIdentityId(identityId)
  const address = email === undefined ? undefined : readAddress(email)
  // What cannot be a number, an identity of this tenant or an address was never looked up, so it is counted nowhere.
  if (number === undefined) return { problem: wrongCredentials() }
  if (identityId !== undefined && place?.tenantId !== tenant.id) return { problem: wrongCredentials() }
  if (address !== undefined && 'fault' in address) return { problem: wrongCredentials() }
  const partition = partitionOfCall(context, number, place, address)
  if (partition >= context.partitions) return { problem: wrongCredentials() }
  const input = [number, identityId ?? null, address?.key ?? null, request.clientIp ?? null]
  return { tenant, request, number, place, address, bound, partition, input }
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

/** The limits that may stop a call: its client IP's, and the tenant's budget where nothing comes with the number. */
function limitsBefore(context: StoreContext, { tenant, request, bound }: VerifyCall): SharedLimit[] {
  const { clientIp } = request
  const limits: SharedLimit[] = bound ? [] : [missBudget(tenant)]
  if (clientIp === undefined) return limits
  return [
    {
      limit: 'client-ip',
      log: 'm:',
      digests: context.ring.keys.map((key) => digests.clientIp(key, tenant.id, clientIp)),
      rates: ratesOf(tenant.settings).missesPerClientIp,
      home: partitionOf(context, clientIp),
    },
    ...limits,
  ]
}

function missBudget({ settings }: Tenant): SharedLimit {
  return { limit: 'miss-budget', log: 'budget', digests: [], rates: ratesOf(settings).missBudget, home: 0 }
}

/** The arguments of lua/verify.lua. */
function toArguments(context: StoreContext, call: VerifyCall): ScriptArguments {
  const { tenant, request, number, place, address, bound, input } = call
  const { settings } = tenant
  const name = callName(tenant.id, request)
  const ip = countsInRule(context) ? request.clientIp : undefined
  const rates = ratesOf(settings)
  const args: ScriptArguments = [
    nowArgument(context),
    REPLAY_SECONDS * 1000,
    settings.verification === 'BOUND' ? settings.boundTries : NUMBER_TRIES,
    place?.member ?? '',
    rates.missesPerClientIp,
    countsInRule(context) ? rates.missBudget : '',
    bound ? '1' : '0',
  ]
  for (const key of context.ring.keys) {
    args.push(
      digests.request(key, 'verify', name),
      digests.fingerprint(key, request, input),
      digests.number(key, tenant.id, number),
      address === undefined ? '' : digests.address(key, tenant.id, address.key),
      ip === undefined ? '' : digests.clientIp(key, tenant.id, ip),
    )
  }
  return args
}

/** Whether a wrong look-up happened, rather than the answer to an earlier one being told again. */
function isFreshMiss(reply: VerifyReply): boolean {
  const kind = reply[0].toString()
  return (kind === 'wrong' || kind === 'burned') && reply.length === 1
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
      const identityId = toIdentityId({ tenantId: tenant.id, partition, member })
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
