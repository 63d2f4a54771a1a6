import { digitsFor } from '@emailauth/contracts/number-policy'
import type { Tenant } from '@emailauth/contracts/tenants'
import {
  matchesTestAddress,
  type TestDelivery,
  type TestTag,
  testDelivery,
  testTag,
} from '@emailauth/contracts/test-mode'

/** A reserved address of a test tenant: what it gets, and what it provokes. */
export interface TestAddress {
  /** Known to everybody, so that a program's tests can type it. */
  readonly number: string
  readonly tags: ReadonlySet<TestTag>
  readonly delivery: TestDelivery
}

/** A plus tag that is the number itself, so that tests at the same time need not share one. */
const NUMBER_TAG = /^\d{6,32}$/

/**
 * Reads what an address means to a tenant; undefined where it is an address like any other, as all are to a live tenant.
 * @param key the address as `readEmailAddress` compares it.
 */
export function readTestAddress({ testMode, settings }: Tenant, key: string): TestAddress | undefined {
  if (!testMode || !settings.testAddresses.some((pattern) => matchesTestAddress(pattern, key)))
    return undefined
  const parts = key.slice(0, key.lastIndexOf('@')).split('+').slice(1)
  const tags = new Set(parts.flatMap((part) => testTag.safeParse(part).data ?? []))
  return {
    number: parts.find((part) => NUMBER_TAG.test(part)) ?? fixedNumber(settings),
    tags,
    delivery: testDelivery.options.find((delivery) => tags.has(delivery as TestTag)) ?? 'sent',
  }
}

/** The number of every reserved address that names none: 42 repeated, as long as the tenant's numbers are. */
export function fixedNumber(settings: Tenant['settings']): string {
  return '42'.repeat(16).slice(0, digitsFor(settings, 0))
}

/** Whether tests type this number: the fixed one, or only zeros, which are always wrong. */
export function isTypedByTests({ testMode, settings }: Tenant, number: string): boolean {
  return testMode && (number === fixedNumber(settings) || /^0+$/.test(number))
}
