import { REPLAY_SECONDS } from '@emailauth/contracts/common'
import type { RegistrationRequest, RegistrationResult } from '@emailauth/contracts/registrations'
import type { Tenant } from '@emailauth/contracts/tenants'
import { drawBytes } from '@emailauth/secrets/random'
import { LRUCache } from 'lru-cache'
import { sealDetail } from '../events/event-detail.ts'
import {
  callName,
  digests,
  type IdentitySpace,
  nowArgument,
  partitionOf,
  runRule,
} from '../identities/identity-space.ts'
import { claimCallName } from '../limits/claim.ts'
import { ratesOf } from '../limits/rates.ts'
import { countsInRule, type SharedLimit, underSharedLimits } from '../limits/shared-limits.ts'
import { drawNumber } from '../numbers/draw.ts'
import { digitsFor, mostLiveFor } from '../numbers/policy.ts'
import { NUMBER_DIGEST_BYTES, SALT_BYTES, sealSecrets } from '../redis/identity-record.ts'
import { type RegisterReply, type ScriptArguments, scripts } from '../redis/scripts.ts'
import { type Draw, type RegisterCall, readRegisterCall } from './register-call.ts'
import { readRegisterReply } from './register-reply.ts'

/** Draws until a number is free; more misses than this cannot be chance. */
const MOST_DRAWS = 20

/** Registers a token and an address under a new number, in place of what the address had before. */
export type Register = (
  tenant: Tenant,
  request: RegistrationRequest,
  notAfter?: number,
) => Promise<RegistrationResult>

export function createRegister(space: IdentitySpace): Register {
  // How many live identities a partition was last seen to hold, so that a large tenant's numbers are long enough at the first try.
  const liveHints = new LRUCache<string, number>({ max: 10_000, ttl: 60_000 })

  const drawUntilFree = async (
    call: RegisterCall,
    notAfter: number | undefined,
  ): Promise<{ draw: Draw; reply: RegisterReply }> => {
    const { tenant, partition } = call
    const at = { tenantId: tenant.id, partition }
    const hint = `${tenant.id}:${partition}`
    for (let tries = 0; tries < MOST_DRAWS; tries++) {
      const digits = digitsFor(tenant.settings, (liveHints.get(hint) ?? 0) * space.partitions)
      const draw = drawFor(space, call, digits)
      const args = toArguments(space, call, draw)
      const reply = await runRule(space, scripts.register, at, args, notAfter)
      const kind = reply[0].toString()
      if (kind === 'longer') liveHints.set(hint, Number(reply[1]) + 1)
      else if (kind !== 'taken') return { draw, reply }
    }
    throw new Error(`No free number after ${MOST_DRAWS} draws.`)
  }

  return async (tenant, request, notAfter) => {
    const call = readRegisterCall(space, tenant, request)
    if ('problem' in call) return call
    if (countsInRule(space)) {
      const { draw, reply } = await drawUntilFree(call, notAfter)
      return readRegisterReply(space, call, draw, reply)
    }
    const claimed = await claimCallName(space, tenant.id, {
      operation: 'register',
      request,
      input: call.input,
    })
    if (claimed !== undefined) return claimed
    return underSharedLimits(
      space,
      { tenantId: tenant.id, notAfter },
      sharedLimits(space, call),
      async () => {
        const { draw, reply } = await drawUntilFree(call, notAfter)
        return {
          result: readRegisterReply(space, call, draw, reply),
          counts: reply[0].toString() === 'registered',
        }
      },
    )
  }
}

function sharedLimits(space: IdentitySpace, { tenant, request }: RegisterCall): SharedLimit[] {
  const { clientIp } = request
  if (clientIp === undefined) return []
  return [
    {
      limit: 'client-ip',
      log: 'g:',
      digests: space.ring.keys.map((key) => digests.clientIp(key, tenant.id, clientIp)),
      rates: ratesOf(tenant.settings).registersPerClientIp,
      home: partitionOf(space, clientIp),
    },
  ]
}

function drawFor(space: IdentitySpace, { tenant, partition }: RegisterCall, digits: number): Draw {
  const number = drawNumber(digits, partition, space.partitions)
  const digest = digests.number(space.ring.keys[0], tenant.id, number)
  return { number, digits, member: Buffer.concat([digest, drawBytes(SALT_BYTES)]) }
}

/** The arguments of lua/register.lua. */
function toArguments(
  space: IdentitySpace,
  call: RegisterCall,
  { number, digits, member }: Draw,
): ScriptArguments {
  const { tenant, request, address, ttlSeconds, locale, input } = call
  const secrets = { email: address.email, token: request.token, number, locale }
  const name = callName(tenant.id, request)
  const rates = ratesOf(tenant.settings)
  const ip = countsInRule(space) ? request.clientIp : undefined
  const args: ScriptArguments = [
    nowArgument(space),
    ttlSeconds * 1000,
    member.subarray(-SALT_BYTES),
    sealSecrets(space.ring, tenant.id, member, secrets),
    Math.floor(mostLiveFor(tenant.settings, digits) / space.partitions),
    REPLAY_SECONDS * 1000,
    rates.mailsPerAddress,
    rates.registersPerClientIp,
    sealDetail(space.ring, { tenantId: tenant.id, member }, { email: address.email }),
  ]
  for (const key of space.ring.keys) {
    const isNewest = key === space.ring.keys[0]
    const digest = digests.address(key, tenant.id, address.key)
    args.push(
      digests.request(key, 'register', name),
      digests.fingerprint(key, request, input),
      isNewest ? member.subarray(0, NUMBER_DIGEST_BYTES) : digests.number(key, tenant.id, number),
      digest,
      address.canonical === address.key ? digest : digests.address(key, tenant.id, address.canonical),
      ip === undefined ? '' : digests.clientIp(key, tenant.id, ip),
    )
  }
  return args
}
