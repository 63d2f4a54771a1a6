import type { Tenant } from '@emailauth/contracts/tenants'
import { readTypedNumber } from '@emailauth/contracts/typed-number'
import type { VerificationRequest } from '@emailauth/contracts/verifications'
import { readAddress } from '../addresses/address.ts'
import { partitionOfNumber } from '../numbers/generate.ts'
import type { FindIdentity, LocatedIdentity } from '../store/find-identity.ts'
import { type IdentityLocation, parseIdentityId } from '../store/identity-id.ts'
import { keyPrefix } from '../store/keys.ts'
import { digests, type StoreContext } from '../store/partition.ts'
import { isTypedByTests, readTestAddress, type TestAddress } from './test-address.ts'

/** The target of a verify call in a test tenant. */
export interface VerifyTarget {
  /** The identity of the reserved address. undefined: the call means none, or it has ended. */
  readonly identity?: {
    readonly location: IdentityLocation
    /** The identity's number. undefined: no number is right any more. */
    readonly right: string | undefined
    readonly address?: TestAddress
  }
  /** false: no limit counts a wrong number. */
  readonly counts: boolean
}

/**
 * Identities of reserved addresses. Many of them have the same number, so each is stored under a random
 * digest. A number alone means the newest identity with this number.
 */
export interface TestIdentities {
  /** Makes this identity the target of its number alone, for its life and an hour. */
  remember(tenant: Tenant, number: string, identityId: string, ttlSeconds: number): Promise<void>
  /** Finds the identity that a call means. The verify rule decides whether the number is right. */
  targetOf(tenant: Tenant, request: VerificationRequest): Promise<VerifyTarget>
}

/**
 * A used number keeps its identity for this time, so that it does not mean another live identity by chance.
 */
const REMEMBERED_AFTER_MS = 3_600_000
const LIKE_ANY_OTHER: VerifyTarget = { counts: true }

export function createTestIdentities(context: StoreContext, find: FindIdentity): TestIdentities {
  const keyOf = (tenantId: string, number: string, at = 0) => {
    const key = context.ring.keys[at]
    if (key === undefined) return undefined
    const prefix = keyPrefix(tenantId, partitionOfNumber(number, context.partitions))
    return Buffer.concat([Buffer.from(`${prefix}t:`), digests.number(key, tenantId, number)])
  }

  /** The id that a number alone means. It may have been written with any key of the ring. */
  const idOfNumber = async (tenantId: string, number: string) => {
    for (let at = 0; at < context.ring.keys.length; at++) {
      const key = keyOf(tenantId, number, at)
      const id = key === undefined ? null : await context.redis.get(key)
      if (id !== null) return id
    }
    return undefined
  }

  const reserved = async (tenant: Tenant, id: string): Promise<VerifyTarget | undefined> => {
    const found = await find.byId(id)
    if (found === undefined) return undefined
    const address = readAddress(found.record.email)
    const test = 'fault' in address ? undefined : readTestAddress(tenant, address.key)
    return test === undefined ? undefined : meaning(found, test)
  }

  const byNumberAlone = async (tenant: Tenant, number: string): Promise<VerifyTarget | undefined> => {
    const id = await idOfNumber(tenant.id, number)
    const location = id === undefined ? undefined : parseIdentityId(context, id)
    if (id === undefined || location === undefined) return undefined
    return (await reserved(tenant, id)) ?? { identity: { location, right: number }, counts: false }
  }

  const byAddress = async (tenant: Tenant, email: string): Promise<VerifyTarget | undefined> => {
    const address = readAddress(email)
    const test = 'fault' in address ? undefined : readTestAddress(tenant, address.key)
    if (test === undefined) return undefined
    const found = await find.byEmail(tenant.id, email)
    return found === undefined ? { counts: false } : meaning(found, test)
  }

  return {
    async remember(tenant, number, identityId, ttlSeconds) {
      const key = keyOf(tenant.id, number)
      if (key === undefined) throw new Error('A key ring has at least one key.')
      await context.redis.set(key, identityId, 'PX', ttlSeconds * 1000 + REMEMBERED_AFTER_MS)
    },

    async targetOf(tenant, { number: typed, email, identityId }) {
      const number = readTypedNumber(typed)
      if (number === undefined) return LIKE_ANY_OTHER
      const isOwn = identityId !== undefined && parseIdentityId(context, identityId)?.tenantId === tenant.id
      const isAlone =
        identityId === undefined && email === undefined && tenant.settings.verification === 'NUMBER'
      const target =
        (isOwn && (await reserved(tenant, identityId))) ||
        (identityId === undefined && email !== undefined && (await byAddress(tenant, email))) ||
        (isAlone && (await byNumberAlone(tenant, number)))
      // Not counting the two numbers that every test uses does not help a guesser.
      return target || { counts: !isTypedByTests(tenant, number) }
    },
  }
}

function meaning({ location, record }: LocatedIdentity, address: TestAddress): VerifyTarget {
  // With this tag an identity lives for 1 ms. No number is right even then.
  const right = address.tags.has('expired') ? undefined : record.number
  return { identity: { location, right, address }, counts: false }
}
