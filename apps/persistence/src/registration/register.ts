import { REPLAY_SECONDS } from '@emailauth/contracts/common'
import { digitsFor, mostLiveFor } from '@emailauth/contracts/number-policy'
import type { RegistrationRequest, RegistrationResult } from '@emailauth/contracts/registrations'
import type { Tenant } from '@emailauth/contracts/tenants'
import { randomBytesOf } from '@emailauth/secrets/random'
import { LRUCache } from 'lru-cache'
import { clientLimits, networkDigest } from '../limits/client-limits.ts'
import { ratesOf } from '../limits/rates.ts'
import type { Reservations, SharedLimit } from '../limits/reservations.ts'
import { countsInRule, runAcrossPartitions } from '../limits/shared-limits.ts'
import { generateNumber } from '../numbers/generate.ts'
import { sealDetail } from '../store/event-detail.ts'
import { MEMBER_BYTES, NUMBER_DIGEST_BYTES, SALT_BYTES, sealSecrets } from '../store/identity-record.ts'
import { digests, nowArgument, runRule, type StoreContext } from '../store/partition.ts'
import type { RegisterReply } from '../store/replies.ts'
import { scripts } from '../store/scripts.ts'
import type { TestIdentities } from '../test-mode/test-identities.ts'
import { type GeneratedNumber, type RegisterCall, readRegisterCall } from './register-call.ts'
import { readRegisterReply } from './register-reply.ts'

/** Attempts to generate a free number. More collisions than this cannot be chance. */
const MAX_ATTEMPTS = 20

/** Registers a token and an address under a new number. It replaces the identity that the address had. */
export type Register = (
  tenant: Tenant,
  request: RegistrationRequest,
  deadline?: number,
) => Promise<RegistrationResult>

export function createRegister(
  context: StoreContext,
  testIdentities: Pick<TestIdentities, 'remember'>,
  reservations: Reservations,
): Register {
  const across = { context, reservations }
  // Live identities of a partition when last seen, so that a large tenant's numbers are long enough at once.
  const liveHints = new LRUCache<string, number>({ max: 10_000, ttl: 60_000 })

  const generateUntilFree = async (
    call: RegisterCall,
    deadline: number | undefined,
  ): Promise<{ generated: GeneratedNumber; reply: RegisterReply }> => {
    const { tenant, partition } = call
    const at = { tenantId: tenant.id, partition }
    const hint = `${tenant.id}:${partition}`
    for (let tries = 0; tries < MAX_ATTEMPTS; tries++) {
      const digits = digitsFor(tenant.settings, (liveHints.get(hint) ?? 0) * context.partitions)
      const generated = generateFor(context, call, digits)
      const args = toArguments(context, call, generated)
      const reply = await runRule(context, scripts.register, at, args, deadline)
      // Nobody waits for the announcement.
      if (reply.kind === 'registered' && reply.dueMs !== undefined)
        void context.due?.announce(at, reply.dueMs)
      if (reply.kind === 'longer') liveHints.set(hint, reply.live + 1)
      else if (reply.kind !== 'taken') return { generated, reply }
    }
    throw new Error(`No free number after ${MAX_ATTEMPTS} attempts.`)
  }

  const register = async (call: RegisterCall, deadline: number | undefined): Promise<RegistrationResult> => {
    const { tenant, request } = call
    if (countsInRule(context)) {
      const { generated, reply } = await generateUntilFree(call, deadline)
      return readRegisterReply(context, call, generated, reply)
    }
    return runAcrossPartitions(
      across,
      { operation: 'register', tenantId: tenant.id, request, input: call.input, deadline },
      limitsBefore(context, call),
      async () => {
        const { generated, reply } = await generateUntilFree(call, deadline)
        return {
          result: readRegisterReply(context, call, generated, reply),
          counts: () => reply.kind === 'registered',
        }
      },
    )
  }

  return async (tenant, request, deadline) => {
    const call = readRegisterCall(context, tenant, request)
    if ('problem' in call) return call
    const result = await register(call, deadline)
    if (call.test !== undefined && 'registration' in result) {
      const { identityId } = result.registration
      await testIdentities.remember(tenant, call.test.number, identityId, call.ttlSeconds)
    }
    return result
  }
}

function limitsBefore(context: StoreContext, { tenant, client }: RegisterCall): SharedLimit[] {
  const { registersPerClientIp, registersPerWiderNetwork } = ratesOf(tenant.settings, context.partitions)
  return clientLimits(context, {
    tenantId: tenant.id,
    client,
    log: 'g:',
    rates: registersPerClientIp,
    widerRates: registersPerWiderNetwork,
  })
}

function generateFor(
  context: StoreContext,
  { tenant, partition, test }: RegisterCall,
  digits: number,
): GeneratedNumber {
  // Many identities share this public number, so a random member names the identity instead of its digest.
  if (test !== undefined) return { number: test.number, digits, member: randomBytesOf(MEMBER_BYTES) }
  // With NUMBER the number alone must name the partition. With BOUND identityId or email does.
  const isNamed = tenant.settings.verification === 'BOUND'
  const number = isNamed
    ? generateNumber(digits, 0, 1)
    : generateNumber(digits, partition, context.partitions)
  const digest = digests.number(context.ring.keys[0], tenant.id, number)
  return { number, digits, member: Buffer.concat([digest, randomBytesOf(SALT_BYTES)]) }
}

type RegisterArguments = Parameters<typeof scripts.register>[2]

/** The arguments of lua/rules/register.lua. */
function toArguments(
  context: StoreContext,
  call: RegisterCall,
  { number, digits, member }: GeneratedNumber,
): RegisterArguments {
  const { tenant, request, address, client, ttlSeconds, locale, input, test } = call
  const { requestId } = request
  const secrets = { email: address.email, token: request.token, number, locale }
  const rates = ratesOf(tenant.settings, context.partitions)
  const counted = countsInRule(context) ? client : undefined
  return {
    now: nowArgument(context),
    lifeMs: test?.tags.has('expired') ? 1 : ttlSeconds * 1000,
    salt: member.subarray(-SALT_BYTES),
    secrets: sealSecrets(context.ring, tenant.id, member, secrets),
    mostLive:
      test === undefined
        ? Math.floor(mostLiveFor(tenant.settings, digits) / context.partitions)
        : Number.MAX_SAFE_INTEGER,
    keptMs: REPLAY_SECONDS * 1000,
    mailRates: test === undefined ? rates.mailsPerAddress : '',
    networkRates: rates.registersPerClientIp,
    detail: sealDetail(context.ring, { tenantId: tenant.id, member }, { email: address.email, requestId }),
    widerRates: counted?.wider === undefined ? '' : rates.registersPerWiderNetwork,
    tenantRate: test === undefined ? rates.registersPerTenant : '',
    each: context.ring.keys.map((key) => {
      const isNewest = key === context.ring.keys[0]
      const digest = digests.address(key, tenant.id, address.key)
      return {
        request: digests.request(key, 'register', tenant.id, request),
        fingerprint: digests.fingerprint(key, request, input),
        number:
          isNewest || test !== undefined
            ? member.subarray(0, NUMBER_DIGEST_BYTES)
            : digests.number(key, tenant.id, number),
        address: digest,
        canonical:
          address.canonical === address.key ? digest : digests.address(key, tenant.id, address.canonical),
        network: networkDigest(key, tenant.id, counted?.network),
        wider: networkDigest(key, tenant.id, counted?.wider),
      }
    }),
  }
}
