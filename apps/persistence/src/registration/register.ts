import { randomBytes } from 'node:crypto'
import { REPLAY_SECONDS, TOKEN_MAX_BYTES } from '@emailauth/contracts/common'
import { type Problem, toProblem } from '@emailauth/contracts/problems'
import type {
  Registration,
  RegistrationRequest,
  RegistrationResult,
} from '@emailauth/contracts/registrations'
import type { Tenant } from '@emailauth/contracts/tenants'
import { LRUCache } from 'lru-cache'
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
import { drawNumber } from '../numbers/draw.ts'
import { digitsFor, mostLiveFor } from '../numbers/policy.ts'
import { toIdentityId } from '../redis/identity-id.ts'
import { MEMBER_BYTES, openRecord, SALT_BYTES, sealSecrets } from '../redis/identity-record.ts'
import { type RegisterReply, scripts } from '../redis/scripts.ts'
import { type Address, readAddress } from './address.ts'

/** Draws until a number is free; more misses than this cannot be chance. */
const MOST_DRAWS = 20

/** Registers a token and an address under a new number, in place of what the address had before. */
export type Register = (tenant: Tenant, request: RegistrationRequest) => Promise<RegistrationResult>

export function createRegister(space: IdentitySpace): Register {
  // How many live identities a space was last seen to hold, so that a large tenant's numbers are long enough at the first try.
  const liveHints = new LRUCache<string, number>({ max: 10_000, ttl: 60_000 })

  return async (tenant, request) => {
    const address = readAddress(request.email)
    if ('fault' in address) return { problem: toProblem('bad-input', address.fault, { field: 'email' }) }
    const fault = tokenFault(request.token)
    if (fault !== undefined) return { problem: fault }

    const partition = partitionOfAddress(space, address)
    const [key] = spaceKeys(tenant.id, partition)
    for (let draw = 0; draw < MOST_DRAWS; draw++) {
      const digits = digitsFor(tenant.settings, (liveHints.get(key) ?? 0) * space.partitions)
      const number = drawNumber(digits, partition, space.partitions)
      const attempt = prepare(space, tenant, request, address, { number, partition, digits })
      const reply = await scripts.register(space.redis, [key], attempt.args)
      switch (reply[0].toString()) {
        case 'taken':
          continue
        case 'longer':
          liveHints.set(key, Number(reply[1]) + 1)
          continue
        default:
          return readReply(space, tenant.id, attempt, reply)
      }
    }
    throw new Error(`No free number after ${MOST_DRAWS} draws.`)
  }
}

interface Attempt {
  readonly args: (string | number | Buffer)[]
  readonly partition: number
  readonly member: Buffer
  readonly number: string
  readonly address: Address
  readonly locale: string | null
}

function prepare(
  space: IdentitySpace,
  tenant: Tenant,
  request: RegistrationRequest,
  address: Address,
  { number, partition, digits }: { number: string; partition: number; digits: number },
): Attempt {
  const { settings } = tenant
  const ttlSeconds = request.expiresInSeconds ?? settings.ttlSeconds
  const locale = request.locale ?? null
  const salt = randomBytes(SALT_BYTES)
  const member = Buffer.concat([digests.number(space.ring.keys[0], tenant.id, number), salt])
  const name = callName(tenant.id, request)
  const input = [address.key, request.token, locale, ttlSeconds, request.clientIp ?? null]
  const args = [
    nowArgument(space),
    ttlSeconds * 1000,
    salt,
    sealSecrets(space.ring, tenant.id, member, {
      email: address.email,
      token: request.token,
      number,
      locale,
    }),
    Math.floor(mostLiveFor(settings, digits) / space.partitions),
    REPLAY_SECONDS * 1000,
    ratesArgument(settings.mailsPerAddress),
    ratesArgument([settings.registersPerClientIp]),
    ...space.ring.keys.flatMap((key) => [
      digests.request(key, 'register', name),
      digests.fingerprint(key, input),
      digests.number(key, tenant.id, number),
      digests.address(key, tenant.id, address.key),
      digests.address(key, tenant.id, address.canonical),
      request.clientIp === undefined ? '' : digests.clientIp(key, tenant.id, request.clientIp),
    ]),
  ]
  return { args, partition, member, number, address, locale }
}

function readReply(
  space: IdentitySpace,
  tenantId: string,
  attempt: Attempt,
  reply: RegisterReply,
): RegistrationResult {
  switch (reply[0].toString()) {
    case 'registered': {
      const [, createdAt, expiresAt, replaced] = reply as [Buffer, Buffer, Buffer, Buffer]
      return {
        registration: toRegistration(tenantId, attempt, {
          member: attempt.member,
          number: attempt.number,
          createdAtMs: Number(createdAt),
          expiresAtMs: Number(expiresAt),
          replaced,
        }),
      }
    }
    case 'replayed': {
      const [, kept, record] = reply as [Buffer, Buffer, Buffer]
      const member = kept.subarray(16, 16 + MEMBER_BYTES)
      const moments = 16 + MEMBER_BYTES
      return {
        registration: toRegistration(tenantId, attempt, {
          member,
          number: record.length === 0 ? null : openRecord(space.ring, tenantId, member, record).number,
          createdAtMs: kept.readDoubleBE(moments),
          expiresAtMs: kept.readDoubleBE(moments + 8),
          replaced: kept.subarray(moments + 16),
        }),
      }
    }
    case 'limited':
      return { problem: limited(reply) }
    case 'conflict':
      return { problem: conflict('register') }
    default:
      throw new Error(`The register rule answered ${reply[0].toString()}.`)
  }
}

function toRegistration(
  tenantId: string,
  { partition, address, locale }: Attempt,
  made: { member: Buffer; number: string | null; createdAtMs: number; expiresAtMs: number; replaced: Buffer },
): Registration {
  const identityId = toIdentityId({ tenantId, partition, member: made.member })
  const replaced = made.replaced.length === MEMBER_BYTES
  return {
    identityId,
    email: address.email,
    number: made.number,
    locale,
    createdAt: new Date(made.createdAtMs).toISOString(),
    expiresAt: new Date(made.expiresAtMs).toISOString(),
    replaced,
    replacedIdentityId: replaced ? toIdentityId({ tenantId, partition, member: made.replaced }) : null,
    messageId: identityId,
  }
}

function tokenFault(token: string): Problem | undefined {
  const bytes = Buffer.byteLength(token)
  if (bytes >= 1 && bytes <= TOKEN_MAX_BYTES) return undefined
  const detail =
    bytes === 0 ? 'The token is empty.' : `The token has ${bytes} bytes; ${TOKEN_MAX_BYTES} is the most.`
  return toProblem('bad-input', detail, { field: 'token' })
}

/** The answer to a call that bears the idempotency key of another one. */
export function conflict(operation: string): Problem {
  const detail = `This idempotency key was used for another ${operation} within the last ${REPLAY_SECONDS} seconds; give each call its own.`
  return toProblem('idempotency-conflict', detail, { field: 'idempotencyKey' })
}
