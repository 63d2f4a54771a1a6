import { z } from 'zod'

/** Domains without mailboxes, which RFC 2606 and RFC 6761 reserve. */
const UNREAD_DOMAIN = /(^|\.)(example\.(com|net|org)|test|example|invalid|localhost)$/
/** Its last part is one of those above. */
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]+$/
const LOCAL_PART = /^\*?[a-z0-9!#$%&'+/=?^_`{|}~.-]*$/

/**
 * The addresses that a test tenant reserves: one address, or `*` and an ending. The domain must have no
 * mailboxes, because the numbers of reserved addresses are public.
 */
export const testAddressPattern = z
  .string()
  .max(254)
  .refine((pattern) => {
    const at = pattern.lastIndexOf('@')
    const [local, domain] = [pattern.slice(0, at), pattern.slice(at + 1)]
    return at > 0 && LOCAL_PART.test(local) && DOMAIN.test(domain) && UNREAD_DOMAIN.test(domain)
  }, 'must be an address, or "*" and how addresses end, in lower case, at a domain that nobody reads: example.com, example.net, example.org, or below .test, .example, .invalid or .localhost')

/** The default reserved addresses of a test tenant. */
export const TEST_ADDRESSES: readonly string[] = ['*+emailauth-test@example.com', '*@test.emailauth.invalid']

/** Whether a pattern matches an address. `key`: as `readEmailAddress` gives it. */
export function matchesTestAddress(pattern: string, key: string): boolean {
  return pattern.startsWith('*') ? key.endsWith(pattern.slice(1)) : key === pattern
}

/** The plus tags of a reserved address, each of which provokes an outcome. docs/testing.md explains them. */
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

/** The simulated delivery outcome for a reserved address, to which no mail is sent. */
export const testDelivery = z.enum(['sent', 'bounced', 'deferred', 'failed', 'rejected'])
export type TestDelivery = z.infer<typeof testDelivery>

/** What decides which addresses a tenant reserves. */
interface Reserving {
  readonly testMode: boolean
  readonly settings: { readonly testAddresses: readonly string[] }
}

/**
 * The plus tags of a reserved address. undefined: the address is not reserved. A live tenant reserves none.
 * @param key the address as `readEmailAddress` compares it
 */
export function reservedTags({ testMode, settings }: Reserving, key: string): readonly string[] | undefined {
  if (!testMode || !settings.testAddresses.some((pattern) => matchesTestAddress(pattern, key)))
    return undefined
  return key.slice(0, key.lastIndexOf('@')).split('+').slice(1)
}

/** The delivery outcome that the tags of a reserved address ask for. */
export function deliveryOfTags(tags: readonly string[]): TestDelivery {
  return testDelivery.options.find((delivery) => tags.includes(delivery)) ?? 'sent'
}

/** The `retryAfterSeconds` of a provoked limit. */
export const TEST_RETRY_AFTER_SECONDS = 30
