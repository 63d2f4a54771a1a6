import { REPLAY_SECONDS } from '@emailauth/contracts/common'
import { type Problem, toProblem } from '@emailauth/contracts/problems'
import type { Tenant } from '@emailauth/contracts/tenants'
import type { VerificationRequest, VerificationResult } from '@emailauth/contracts/verifications'
import {
  callName,
  digests,
  type IdentitySpace,
  nowArgument,
  partitionOf,
  partitionOfAddress,
  runRule,
} from '../identities/identity-space.ts'
import { claimCallName, conflict } from '../limits/claim.ts'
import { limited } from '../limits/limited.ts'
import { ratesOf } from '../limits/rates.ts'
import { countsInRule, reserve, type SharedLimit, underSharedLimits } from '../limits/shared-limits.ts'
import { partitionOfNumber } from '../numbers/draw.ts'
import { readTypedNumber } from '../numbers/typed.ts'
import { type IdentityPlace, parseIdentityId, toIdentityId } from '../redis/identity-id.ts'
import { openRecord } from '../redis/identity-record.ts'
import { type ScriptArguments, scripts, type VerifyReply } from '../redis/scripts.ts'
import { type Address, readAddress } from '../registration/address.ts'

/** With NUMBER a number is too long to be guessed, so only a flood of wrong tries at one identity burns it. */
const NUMBER_TRIES = 100

/** Trades a number for the token, once. */
export type Verify = (
  tenant: Tenant,
  request: VerificationRequest,
  notAfter?: number,
) => Promise<VerificationResult>

/** A request that was understood, and that names a number and an identity that may exist. */
interface VerifyCall {
  readonly tenant: Tenant
  readonly request: VerificationRequest
  readonly number: string
  readonly place: IdentityPlace | undefined
  readonly address: Address | undefined
  /** Whether identity or address came with the number. */
  readonly bound: boolean
  readonly partition: number
  /** Everything that makes two calls the same call. */
  readonly input: readonly unknown[]
}

export function createVerify(space: IdentitySpace): Verify {
  const ask = (call: VerifyCall, notAfter: number | undefined): Promise<VerifyReply> => {
    const at = { tenantId: call.tenant.id, partition: call.partition }
    return runRule(space, scripts.verify, at, toArguments(space, call), notAfter)
  }

  return async (tenant, request, notAfter) => {
    const call = readCall(space, tenant, request)
    if ('problem' in call) return call
    if (countsInRule(space)) return readReply(space, call, await ask(call, notAfter))
    const claimed = await claimCallName(space, tenant.id, { operation: 'verify', request, input: call.input })
    if (claimed !== undefined) return claimed
    return underSharedLimits(
      space,
      { tenantId: tenant.id, notAfter },
      limitsBefore(space, call),
      async () => {
        const reply = await ask(call, notAfter)
        const counts = isFreshMiss(reply)
        if (counts && call.bound) await reserve(space, { tenantId: tenant.id }, missBudget(tenant))
        return { result: readReply(space, call, reply), counts }
      },
    )
  }
}

function readCall(
  space: IdentitySpace,
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
  const partition = partitionOfCall(space, number, place, address)
  if (partition >= space.partitions) return { problem: wrongCredentials() }
  const input = [number, identityId ?? null, address?.key ?? null, request.clientIp ?? null]
  return { tenant, request, number, place, address, bound, partition, input }
}

function partitionOfCall(
  space: IdentitySpace,
  number: string,
  place: IdentityPlace | undefined,
  address: Address | undefined,
): number {
  if (place !== undefined) return place.partition
  if (address !== undefined) return partitionOfAddress(space, address)
  return partitionOfNumber(number, space.partitions)
}

/** The limits that may stop a call: its client IP's, and the tenant's budget where nothing comes with the number. */
function limitsBefore(space: IdentitySpace, { tenant, request, bound }: VerifyCall): SharedLimit[] {
  const { clientIp } = request
  const limits: SharedLimit[] = bound ? [] : [missBudget(tenant)]
  if (clientIp === undefined) return limits
  return [
    {
      limit: 'client-ip',
      log: 'm:',
      digests: space.ring.keys.map((key) => digests.clientIp(key, tenant.id, clientIp)),
      rates: ratesOf(tenant.settings).missesPerClientIp,
      home: partitionOf(space, clientIp),
    },
    ...limits,
  ]
}

function missBudget({ settings }: Tenant): SharedLimit {
  return { limit: 'miss-budget', log: 'budget', digests: [], rates: ratesOf(settings).missBudget, home: 0 }
}

/** The arguments of lua/verify.lua. */
function toArguments(space: IdentitySpace, call: VerifyCall): ScriptArguments {
  const { tenant, request, number, place, address, bound, input } = call
  const { settings } = tenant
  const name = callName(tenant.id, request)
  const ip = countsInRule(space) ? request.clientIp : undefined
  const rates = ratesOf(settings)
  const args: ScriptArguments = [
    nowArgument(space),
    REPLAY_SECONDS * 1000,
    settings.verification === 'BOUND' ? settings.boundTries : NUMBER_TRIES,
    place?.member ?? '',
    rates.missesPerClientIp,
    countsInRule(space) ? rates.missBudget : '',
    bound ? '1' : '0',
  ]
  for (const key of space.ring.keys) {
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
  space: IdentitySpace,
  { tenant, partition }: VerifyCall,
  reply: VerifyReply,
): VerificationResult {
  switch (reply[0].toString()) {
    case 'verified': {
      const [, member, record] = reply as [Buffer, Buffer, Buffer]
      const { email, token, createdAtMs } = openRecord(space.ring, tenant.id, member, record)
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
