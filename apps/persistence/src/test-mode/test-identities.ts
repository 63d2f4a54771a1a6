import type { Tenant } from '@emailauth/contracts/tenants'
import { readTypedNumber } from '@emailauth/contracts/typed-number'
import type { VerificationRequest } from '@emailauth/contracts/verifications'
import { readAddress } from '../addresses/address.ts'
import type { FindIdentity, LocatedIdentity } from '../identities/find.ts'
import { partitionOfNumber } from '../numbers/generate.ts'
import { type IdentityLocation, parseIdentityId } from '../store/identity-id.ts'
import { keyPrefix } from '../store/keys.ts'
import { digests, type StoreContext } from '../store/partition.ts'
import { isTypedByTests, readTestAddress, type TestAddress } from './test-address.ts'

/** What a call to verify means in a test tenant. */
export interface VerifyTarget {
  /** The reserved address's identity; undefined where none is meant, or it is gone. */
  readonly identity?: {
    readonly location: IdentityLocation
    /** The number that is its own; undefined where none is right any more. */
    readonly right: string | undefined
    readonly address?: TestAddress
  }
  /** false: a wrong number counts to no limit. */
  readonly counts: boolean
}

/**
 * Identities of reserved addresses. Many have the same number at a time, so none is found by its number's digest: each has a random one, and a
 * number alone means the newest identity that was given it.
 */
export interface TestIdentities {
  /** Makes a number alone mean this identity, for as long as it lives and a while longer. */
  remember(tenant: Tenant, number: string, identityId: string, ttlSeconds: number): Promise<void>
  /** Which identity a call means. It reads: whether the number is right is the verify rule's to decide. */
  targetOf(tenant: Tenant, request: VerificationRequest): Promise<VerifyTarget>
}

/** A used number keeps its identity, so that it never means another live one by chance. */
const REMEMBERED_AFTER_MS = 3_600_000
const LIKE_ANY_OTHER: VerifyTarget = { counts: true }

export function createTestIdentities(context: StoreContext, find: FindIdentity): TestIdentities {
  const keyOf = (tenantId: string, number: string, at = 0) => {
    const key = context.ring.keys[at]
    if (key === undefined) return undefined
    const prefix = keyPrefix(tenantId, partitionOfNumber(number, context.partitions))
    return Buffer.concat([Buffer.from(`${prefix}t:`), digests.number(key, tenantId, number)])
  }

  /** The id that a number alone means, under whichever key of the ring it was remembered. */
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
      // The two numbers that every test types say nothing to a guesser, who may as well try any other two.
      return target || { counts: !isTypedByTests(tenant, number) }
    },
  }
}

function meaning({ location, record }: LocatedIdentity, address: TestAddress): VerifyTarget {
  // It may live for another millisecond.
  const right = address.tags.has('expired') ? undefined : record.number
  return { identity: { location, right, address }, counts: false }
}
