import { emailKey } from '@emailauth/contracts/email-address'
import { digest } from '@emailauth/secrets/digest'
import type { KeyRing, RingKey } from '@emailauth/secrets/key-ring'
import { type SealContext, UnsealError, unseal } from '@emailauth/secrets/seal'

/** An address that gets no mail from a tenant, and why. */
export interface SuppressedAddress {
  readonly email: string
  readonly reason: string
  /** Unix milliseconds. */
  readonly suppressedAtMs: number
}

const DIGEST_BYTES = 18

/** A tenant's entries: a hash from the address's digest to the sealed entry. */
export const entriesOf = (tenantId: string) => `ea:mail:{suppressed:${tenantId}}:entries`
/** The order of the entries: a sorted set of the digests by time. */
export const orderOf = (tenantId: string) => `ea:mail:{suppressed:${tenantId}}:order`

/** Stands while reports about a deleted tenant's mails may still come. */
export const goneOf = (tenantId: string) => `ea:mail:{suppressed:${tenantId}}:gone`

/** Additional data that an entry is sealed with. */
export const sealContextOf = (tenantId: string): SealContext => ({
  purpose: 'suppression',
  additionalData: entriesOf(tenantId),
})

/** The digest that finds an address. */
export function fieldOf(key: RingKey, tenantId: string, email: string): string {
  return digest(key, 'address', `suppressed ${tenantId} ${emailKey(email)}`, DIGEST_BYTES).toString(
    'base64url',
  )
}

/** Undefined when its key has left the ring. */
export function readSuppressed(
  ring: KeyRing,
  tenantId: string,
  sealed: Buffer,
): SuppressedAddress | undefined {
  try {
    return JSON.parse(unseal(ring, sealContextOf(tenantId), sealed))
  } catch (error) {
    if (error instanceof UnsealError) return undefined
    throw error
  }
}
