import { readableEmail } from '../lib/readable-email.ts'

/**
 * An address. It stands from left to right whatever its script, so that its domain is on the right, where
 * people look for it: with the direction of its first letter, a Hebrew mailbox of example.com would look as
 * if example.com was its mailbox.
 */
export function Email({ value }: { readonly value: string }) {
  return <bdi dir="ltr">{readableEmail(value)}</bdi>
}
