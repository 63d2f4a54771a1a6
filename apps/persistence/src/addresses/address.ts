import {
  type EmailAddress,
  type EmailAddressFault,
  readEmailAddress,
} from '@emailauth/contracts/email-address'
import { canonicalKey } from './canonical-key.ts'

/** An email address that was understood. */
export interface Address extends EmailAddress {
  /** What the limits count by: one for all the ways in which one mailbox can be written to. */
  readonly canonical: string
}

/** Reads an address as {@link readEmailAddress} does, and adds the key that the limits count by. */
export function readAddress(given: string): Address | EmailAddressFault {
  const address = readEmailAddress(given)
  return 'fault' in address ? address : { ...address, canonical: canonicalKey(address.key) }
}
