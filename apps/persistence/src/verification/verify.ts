import { REPLAY_SECONDS } from '@emailauth/contracts/common'
import { type Problem, toProblem } from '@emailauth/contracts/problems'
import type { Tenant } from '@emailauth/contracts/tenants'
import type { VerificationRequest, VerificationResult } from '@emailauth/contracts/verifications'
import {
  callName,
  digests,
  type IdentitySpace,
  nowArgument,
  partitionOfAddress,
  ratesArgument,
  spaceKeys,
} from '../identities/identity-space.ts'
import { limited } from '../limits/limited.ts'
import { partitionOfNumber } from '../numbers/draw.ts'
import { readTypedNumber } from '../numbers/typed.ts'
import { type IdentityPlace, parseIdentityId, toIdentityId } from '../redis/identity-id.ts'
import { openRecord } from '../redis/identity-record.ts'
import { scripts, type VerifyReply } from '../redis/scripts.ts'
import { type Address, readAddress } from '../registration/address.ts'
import { conflict } from '../registration/register.ts'

/** With NUMBER a number is too long to be guessed, so only a flood of wrong tries at one identity burns it. */
const NUMBER_TRIES = 100
/** The tenant's misses are counted over this window. */
const BUDGET_WINDOW_SECONDS = 3600

/** Trades a number for the token, once. */
export type Verify = (tenant: Tenant, request: VerificationRequest) => Promise<VerificationResult>

export function createVerify(space: IdentitySpace): Verify {
  return async (tenant, request) => {
    const target = readTarget(tenant, request)
    if ('problem' in target) return target
    const number = readTypedNumber(request.number)
    // What cannot be a number, or names an identity of nowhere, was never looked up, so it is counted nowhere.
    if (number === undefined || target.place === 'nowhere' || target.address === 'nobody')
      return { problem: wrongCredentials() }
    const partition = partitionOf(space, number, target)
    if (partition >= space.partitions) return { problem: wrongCredentials() }
    const args = toArguments(space, tenant, request, number, target)
    return readReply(
      space,
      tenant.id,
      partition,
      await scripts.verify(space.redis, spaceKeys(tenant.id, partition), args),
    )
  }
}

/** Which identity the caller means, beside the number. */
interface Target {
  readonly place: IdentityPlace | 'nowhere' | undefined
  readonly address: Address | 'nobody' | undefined
}

function readTarget(
  tenant: Tenant,
  { identityId, email }: VerificationRequest,
): Target | { problem: Problem } {
  if (tenant.settings.verification === 'BOUND' && identityId === undefined && email === undefined) {
    const detail = 'This tenant verifies BOUND: identityId or email must come with the number.'
    return { problem: toProblem('bad-input', detail, { field: 'identityId' }) }
  }
  const place = identityId === undefined ? undefined : parseIdentityId(identityId)
  const address = email === undefined ? undefined : readAddress(email)
  return {
    place: identityId !== undefined && place?.tenantId !== tenant.id ? 'nowhere' : place,
    address: address !== undefined && 'fault' in address ? 'nobody' : address,
  }
}

function partitionOf(space: IdentitySpace, number: string, { place, address }: Target): number {
  if (typeof place === 'object') return place.partition
  if (typeof address === 'object') return partitionOfAddress(space, address)
  return partitionOfNumber(number, space.partitions)
}

function toArguments(
  space: IdentitySpace,
  { id: tenantId, settings }: Tenant,
  request: VerificationRequest,
  number: string,
  { place, address }: Target,
): (string | number | Buffer)[] {
  const member = typeof place === 'object' ? place.member : ''
  const addressKey = typeof address === 'object' ? address.key : undefined
  const name = callName(tenantId, request)
  const input = [number, request.identityId ?? null, addressKey ?? null, request.clientIp ?? null]
  return [
    nowArgument(space),
    REPLAY_SECONDS * 1000,
    settings.verification === 'BOUND' ? settings.boundTries : NUMBER_TRIES,
    member,
    ratesArgument([settings.missesPerClientIp]),
    ratesArgument([{ max: settings.missBudgetPerHour, windowSeconds: BUDGET_WINDOW_SECONDS }]),
    place === undefined && address === undefined ? '0' : '1',
    ...space.ring.keys.flatMap((key) => [
      digests.request(key, 'verify', name),
      digests.fingerprint(key, input),
      digests.number(key, tenantId, number),
      addressKey === undefined ? '' : digests.address(key, tenantId, addressKey),
      request.clientIp === undefined ? '' : digests.clientIp(key, tenantId, request.clientIp),
    ]),
  ]
}

function readReply(
  space: IdentitySpace,
  tenantId: string,
  partition: number,
  reply: VerifyReply,
): VerificationResult {
  switch (reply[0].toString()) {
    case 'verified': {
      const [, member, record] = reply as [Buffer, Buffer, Buffer]
      const { email, token, createdAtMs } = openRecord(space.ring, tenantId, member, record)
      const identityId = toIdentityId({ tenantId, partition, member })
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
