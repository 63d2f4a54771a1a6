import { expect, test } from 'vitest'
import { NONCE_BYTES, TAG_BYTES } from './aead.ts'
import { SEAL_OVERHEAD } from './seal.ts'

const YEAR_SECONDS = 31_557_600
const REGISTERS_PER_SECOND = 1000
/** The probability of two equal nonces that NIST SP 800-38D accepts, as a power of two. */
const RISK_BITS = 32

/** Years until two of these nonces are equal with the accepted probability: n² / 2^(bits + 1) = 2^-32. */
const yearsOf = (nonceBits: number) =>
  2 ** ((nonceBits + 1 - RISK_BITS) / 2) / REGISTERS_PER_SECOND / YEAR_SECONDS

test('a random nonce of AES-GCM alone would be used up in days', () => {
  expect(yearsOf(96) * 365).toBeLessThan(100)
})

test('a nonce of sealed data lasts for ever', () => {
  expect(SEAL_OVERHEAD - 1 - 4 - TAG_BYTES).toBe(NONCE_BYTES)
  expect(yearsOf(8 * NONCE_BYTES)).toBeGreaterThan(1e12)
})

test('an identity: six digits, a salt of 4 bytes and 8 random ones last a century in one tenant', () => {
  expect(yearsOf(Math.log2(1e6) + 32 + 64)).toBeGreaterThan(100)
})

test('the records of a message: 8 random bytes last for more attempts than a day has', () => {
  const attemptsADay = 86_400 / 20
  expect(attemptsADay ** 2 / 2 ** (64 + 1)).toBeLessThan(2 ** -RISK_BITS)
})
