import { type IdentityPlace, parseIdentityId } from '../redis/identity-id.ts'
import { type IdentityRecord, NUMBER_DIGEST_BYTES, openRecord } from '../redis/identity-record.ts'
import { spaceKey } from '../redis/keys.ts'
import { scripts } from '../redis/scripts.ts'
import { readAddress } from '../registration/address.ts'
import { digests, type IdentitySpace, partitionOfAddress, readSpace } from './identity-space.ts'

export interface FoundIdentity {
  readonly place: IdentityPlace
  readonly record: IdentityRecord
}

/** Looks live identities up; a read, it changes nothing. */
export interface FindIdentity {
  /** By its public id; undefined for one that is gone, or that never was. */
  byId(id: string): Promise<FoundIdentity | undefined>
  /** By exact address, normalised as at registration; undefined also for what is no address. */
  byEmail(tenantId: string, email: string): Promise<FoundIdentity | undefined>
}

export function createFindIdentity(space: IdentitySpace): FindIdentity {
  return {
    async byId(id) {
      const place = parseIdentityId(id)
      if (place === undefined || place.partition >= space.partitions) return undefined
      const key = spaceKey(place.tenantId, place.partition)
      const digest = place.member.subarray(0, NUMBER_DIGEST_BYTES)
      const record = await space.redis.getBuffer(Buffer.concat([Buffer.from(`${key}n:`), digest]))
      // Another salt is another identity that was given the same number later.
      if (record === null || !record.subarray(2, 6).equals(place.member.subarray(NUMBER_DIGEST_BYTES)))
        return undefined
      return { place, record: openRecord(space.ring, place.tenantId, place.member, record) }
    },

    async byEmail(tenantId, email) {
      const address = readAddress(email)
      if ('fault' in address) return undefined
      const partition = partitionOfAddress(space, address)
      const args = space.ring.keys.map((key) => digests.address(key, tenantId, address.key))
      const [member, record] = await readSpace(space, scripts.find, { tenantId, partition }, args)
      if (member === undefined || record === undefined) return undefined
      return {
        place: { tenantId, partition, member },
        record: openRecord(space.ring, tenantId, member, record),
      }
    },
  }
}
