import { expect, test } from 'vitest'
import { readTestAddress } from './test-address.ts'

test('the number of a reserved address has at most 32 digits', () => {
  const tenant = { testMode: true, settings: { testAddresses: ['*@example.com'], verification: 'NUMBER' } }
  const numberOf = (tag: string) => readTestAddress(tenant as never, `ada+${tag}@example.com`)?.number
  expect(numberOf('1'.repeat(32))).toBe('1'.repeat(32))
  expect(numberOf('1'.repeat(33))).not.toBe('1'.repeat(33))
})
