import { expect, test } from 'vitest'
import { matchesTestAddress, TEST_ADDRESSES, testAddressPattern } from './test-mode.ts'

test.each([
  ...TEST_ADDRESSES,
  'ada@example.com',
  '*@shop.example',
  '*+e2e@mail.example.org',
  '*.ci@a.b.test',
  '*@box.localhost',
])('%s may be reserved: nobody reads mail there', (pattern) => {
  expect(testAddressPattern.safeParse(pattern).success).toBe(true)
})

test.each([
  '*@gmail.com',
  '*+emailauth-test@shop.com',
  '*@example.com.evil.com',
  '*@notexample.com',
  '*@example.co',
  '*@latest',
  '*@test',
  '*',
  '*example.com',
  '@example.com',
  '**@example.com',
  'a*@example.com',
  '*@*.example.com',
  '*@EXAMPLE.com',
  '*@evil.com@example.com',
  '*@example.com\n',
  '',
])('%j may not', (pattern) => {
  expect(testAddressPattern.safeParse(pattern).success).toBe(false)
})

test('a pattern means whole ends', () => {
  const [tagged = '', domain = ''] = TEST_ADDRESSES
  expect(matchesTestAddress(tagged, 'ada+bounced+emailauth-test@example.com')).toBe(true)
  expect(matchesTestAddress(tagged, 'ada+emailauth-test@example.com.au')).toBe(false)
  expect(matchesTestAddress(tagged, 'ada-emailauth-test@example.com')).toBe(false)
  expect(matchesTestAddress(domain, 'ada@test.emailauth.invalid')).toBe(true)
  expect(matchesTestAddress(domain, 'ada@a.test.emailauth.invalid')).toBe(false)
  expect(matchesTestAddress('ada@example.com', 'ada@example.com')).toBe(true)
  expect(matchesTestAddress('ada@example.com', 'bada@example.com')).toBe(false)
})
