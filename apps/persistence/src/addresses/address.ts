import {
  type EmailAddress,
  type EmailAddressFault,
  readEmailAddress,
} from '@emailauth/contracts/email-address'
import { canonicalKey } from './canonical-key.ts'

/** A valid email address. */
export interface Address extends EmailAddress {
  /** The limits count by this. All aliases of one mailbox have the same one. */
  readonly canonical: string
}

/** Reads an address as {@link readEmailAddress} does, and adds the key that the limits count by. */
export function readAddress(given: string): Address | EmailAddressFault {
  const address = readEmailAddress(given)
  if ('fault' in address) return address
  const { email, key } = address
  return { email, key, canonical: canonicalKey(key) }
}

/**
 * Reads an address that was valid when it was stored.
 * @throws {Error} when it is not any more: the rules have changed since.
 */
export function readStoredAddress(stored: string): Address {
  const address = readAddress(stored)
  if ('fault' in address) throw new Error('A stored address cannot be read any more.')
  return address
}
