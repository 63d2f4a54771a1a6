import { readAddress } from '../addresses/address.ts'
import { type IdentityLocation, parseIdentityId } from './identity-id.ts'
import { type IdentityRecord, NUMBER_DIGEST_BYTES, openRecord } from './identity-record.ts'
import { keyPrefix } from './keys.ts'
import { digests, partitionOfAddress, runQuery, type StoreContext } from './partition.ts'
import { scripts } from './scripts.ts'

/** A live identity, unsealed, and where it lies. */
export interface LocatedIdentity {
  readonly location: IdentityLocation
  readonly record: IdentityRecord
}

/** Looks up live identities. It only reads. */
export interface FindIdentity {
  /** By its public id. undefined: it has ended or never existed. */
  byId(id: string): Promise<LocatedIdentity | undefined>
  /** By address, normalised as at registration. undefined also for an invalid address. */
  byEmail(tenantId: string, email: string): Promise<LocatedIdentity | undefined>
}

export function createFindIdentity(context: StoreContext): FindIdentity {
  return {
    async byId(id) {
      const location = parseIdentityId(context, id)
      if (location === undefined || location.partition >= context.partitions) return undefined
      const key = keyPrefix(location.tenantId, location.partition)
      const digest = location.member.subarray(0, NUMBER_DIGEST_BYTES)
      const record = await context.redis.getBuffer(Buffer.concat([Buffer.from(`${key}n:`), digest]))
      // Another salt means another identity that got the same number later.
      if (record === null || !record.subarray(2, 6).equals(location.member.subarray(NUMBER_DIGEST_BYTES)))
        return undefined
      return { location, record: openRecord(context.ring, location.tenantId, location.member, record) }
    },

    async byEmail(tenantId, email) {
      const address = readAddress(email)
      if ('fault' in address) return undefined
      const partition = partitionOfAddress(context, address)
      const each = context.ring.keys.map((key) => ({ address: digests.address(key, tenantId, address.key) }))
      const found = await runQuery(context, scripts.find, { tenantId, partition }, { each })
      if (found === undefined) return undefined
      const { member, record } = found
      return {
        location: { tenantId, partition, member },
        record: openRecord(context.ring, tenantId, member, record),
      }
    },
  }
}
