import { digitsFor } from '@emailauth/contracts/number-policy'
import type { Tenant } from '@emailauth/contracts/tenants'
import {
  deliveryOfTags,
  reservedTags,
  type TestDelivery,
  type TestTag,
  testTag,
} from '@emailauth/contracts/test-mode'

/** A reserved address of a test tenant: its number, and the outcomes that its tags provoke. */
export interface TestAddress {
  /** A public number, so that automated tests can enter it. */
  readonly number: string
  readonly tags: ReadonlySet<TestTag>
  readonly delivery: TestDelivery
}

/** A plus tag may be the number itself, so that parallel tests can use different numbers. */
const NUMBER_TAG = /^\d{6,32}$/

/**
 * Reads a reserved address. undefined: the address is not reserved. A live tenant has no reserved addresses.
 * @param key the address as `readEmailAddress` compares it.
 */
export function readTestAddress(tenant: Tenant, key: string): TestAddress | undefined {
  const parts = reservedTags(tenant, key)
  if (parts === undefined) return undefined
  const tags = new Set(parts.flatMap((part) => testTag.safeParse(part).data ?? []))
  return {
    number: parts.find((part) => NUMBER_TAG.test(part)) ?? fixedNumber(tenant.settings),
    tags,
    delivery: deliveryOfTags(parts),
  }
}

/**
 * The number of a reserved address without a number tag: 42 repeated to the length of the tenant's numbers.
 */
export function fixedNumber(settings: Tenant['settings']): string {
  return '42'.repeat(16).slice(0, digitsFor(settings, 0))
}

/** Whether tests use this number: the fixed one, or zeros, which are always wrong. */
export function isTypedByTests({ testMode, settings }: Tenant, number: string): boolean {
  return testMode && (number === fixedNumber(settings) || /^0+$/.test(number))
}
