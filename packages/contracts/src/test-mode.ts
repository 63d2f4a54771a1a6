import { z } from 'zod'

/** Domains that nobody reads mail at: those that RFC 2606 and RFC 6761 reserve. */
const UNREAD_DOMAIN = /(^|\.)(example\.(com|net|org)|test|example|invalid|localhost)$/
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const LOCAL_PART = /^\*?[a-z0-9!#$%&'+/=?^_`{|}~.-]*$/

/**
 * Which addresses a test tenant reserves: one address, or `*` and how they end. The domain must be one that nobody reads, because numbers of
 * reserved addresses are known to everybody.
 */
export const testAddressPattern = z
  .string()
  .max(254)
  .refine((pattern) => {
    const at = pattern.lastIndexOf('@')
    const [local, domain] = [pattern.slice(0, at), pattern.slice(at + 1)]
    return at > 0 && LOCAL_PART.test(local) && DOMAIN.test(domain) && UNREAD_DOMAIN.test(domain)
  }, 'must be an address, or "*" and how addresses end, in lower case, at a domain that nobody reads: example.com, example.net, example.org, or below .test, .example, .invalid or .localhost')

/** What a test tenant reserves unless it is set otherwise. */
export const TEST_ADDRESSES: readonly string[] = ['*+emailauth-test@example.com', '*@test.emailauth.invalid']

/** Whether a pattern means an address, given as `readEmailAddress` compares it. */
export function matchesTestAddress(pattern: string, key: string): boolean {
  return pattern.startsWith('*') ? key.endsWith(pattern.slice(1)) : key === pattern
}

/** What the plus tags of a reserved address provoke; docs/testing.md explains each. */
export const testTag = z.enum([
  'expired',
  'burned',
  'bounced',
  'deferred',
  'failed',
  'rejected',
  'limited',
  'limited-client-ip',
  'limited-tenant',
  'resend-limited',
  'verify-limited',
])
export type TestTag = z.infer<typeof testTag>

/** How the mail that is not sent to a reserved address fares. */
export const testDelivery = z.enum(['sent', 'bounced', 'deferred', 'failed', 'rejected'])
export type TestDelivery = z.infer<typeof testDelivery>

/** Seconds that every provoked limit asks to wait. */
export const TEST_RETRY_AFTER_SECONDS = 30
