/** @import { MailAddress } from './api.js' */

/**
 * Addresses as people write them, each with its name. The source of the mail has them as servers do.
 * @param {readonly MailAddress[]} addresses
 */
export function addressLine(addresses) {
  return addresses
    .map(({ Name, Address, Readable = Address }) => (Name === '' ? Readable : `${Name} <${Readable}>`))
    .join(', ')
}
