import { hmac } from '@emailauth/secrets/digest'
import { MEMBER_BYTES } from './identity-record.ts'

/** The location of an identity. */
export interface IdentityLocation {
  readonly tenantId: string
  readonly partition: number
  /** Number digest and salt. */
  readonly member: Buffer
}

/** Needed to write and read ids, see `StoreContext`. */
export interface IdentityIds {
  readonly partitions: number
  readonly partitionKey: Buffer
}

const FORM = /^([a-z][a-z0-9-]{1,39})\.([A-Za-z0-9_-]{23})$/

/**
 * The public id: the tenant, a dot, and partition and member in base64url. It contains the location, so no
 * look-up table is needed. The number's digest in it is an HMAC, which reveals nothing without the key ring.
 * The salt distinguishes identities that had the same number one after the other. The partition is masked,
 * because with NUMBER it is the number modulo the partitions, and would make guessing easier.
 */
export function toIdentityId(ids: IdentityIds, { tenantId, partition, member }: IdentityLocation): string {
  const masked = (partition + maskOf(ids, tenantId, member)) % ids.partitions
  return `${tenantId}.${Buffer.concat([Buffer.from([masked]), member]).toString('base64url')}`
}

/** Reads an id. undefined: it is invalid, which callers treat as an identity that was not found. */
export function parseIdentityId(ids: IdentityIds, id: string): IdentityLocation | undefined {
  const [, tenantId, inner] = FORM.exec(id) ?? []
  if (tenantId === undefined || inner === undefined) return undefined
  const bytes = Buffer.from(inner, 'base64url')
  // 23 base64url characters hold 2 bits more than 17 bytes. They must be zero, or an identity would have four
  // ids.
  if (bytes.length !== 1 + MEMBER_BYTES || bytes.toString('base64url') !== inner) return undefined
  const [masked = 0, member] = [bytes[0], bytes.subarray(1)]
  if (masked >= ids.partitions) return undefined
  const partition = (masked - maskOf(ids, tenantId, member) + ids.partitions) % ids.partitions
  return { tenantId, partition, member }
}

/** A keyed number below `partitions`. It is uniform where 256 is a multiple of `partitions`. */
function maskOf({ partitions, partitionKey }: IdentityIds, tenantId: string, member: Buffer): number {
  if (partitions === 1) return 0
  const named = Buffer.concat([Buffer.from(`identity id\n${tenantId}\n`), member])
  return hmac(partitionKey, named, 1).readUInt8(0) % partitions
}
