import { MEMBER_BYTES } from './identity-record.ts'

/** Where an identity lies. */
export interface IdentityLocation {
  readonly tenantId: string
  readonly partition: number
  /** Number digest and salt. */
  readonly member: Buffer
}

const FORM = /^([a-z][a-z0-9-]{1,39})\.([A-Za-z0-9_-]{23})$/

/**
 * The public id: the tenant, a dot, and partition and member in base64url. It names the location, so that no look-up table is needed; the
 * number's digest in it is keyed (HMAC) and says nothing without the key ring, and the salt tells two identities apart that got the same number
 * one after the other.
 */
export function toIdentityId({ tenantId, partition, member }: IdentityLocation): string {
  return `${tenantId}.${Buffer.concat([Buffer.from([partition]), member]).toString('base64url')}`
}

/** Reads an id back, or answers undefined: an id that cannot exist is an identity that was not found. */
export function parseIdentityId(id: string): IdentityLocation | undefined {
  const [, tenantId, inner] = FORM.exec(id) ?? []
  if (tenantId === undefined || inner === undefined) return undefined
  const bytes = Buffer.from(inner, 'base64url')
  // 23 characters of base64url hold 2 bits more than 17 bytes: they must be zero, or one identity had four ids.
  if (bytes.length !== 1 + MEMBER_BYTES || bytes.toString('base64url') !== inner) return undefined
  return { tenantId, partition: bytes[0] ?? 0, member: bytes.subarray(1) }
}
