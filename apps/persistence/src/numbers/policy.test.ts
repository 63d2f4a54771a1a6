import { DEFAULT_SETTINGS } from '@emailauth/contracts/tenants'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digitsFor, LEAST_LIVE, MAX_DIGITS, MAX_RISK, mostLiveFor, riskFault } from './policy.ts'

const defaults = DEFAULT_SETTINGS
const settings = fc.record({
  verification: fc.constantFrom('NUMBER' as const, 'BOUND' as const),
  missBudgetPerHour: fc.integer({ min: 10, max: 100_000 }),
  boundDigits: fc.integer({ min: 6, max: 12 }),
  boundTries: fc.integer({ min: 1, max: 10 }),
})

test.each([
  [0, 12],
  [1000, 12],
  [1001, 13],
  [10_000, 13],
  [10_001, 14],
  [1_000_000, 15],
])('at the defaults %i live numbers ask for %i digits', (live, digits) => {
  expect(digitsFor(defaults, live)).toBe(digits)
})

test('the length is the smallest that keeps the risk, for any settings and count', () => {
  fc.assert(
    fc.property(settings, fc.integer({ min: 0, max: 20_000_000 }), (given, live) => {
      const digits = digitsFor(given, live)
      expect(live).toBeLessThanOrEqual(mostLiveFor(given, digits))
      if (given.verification === 'BOUND') return
      const risk = (d: number) => (given.missBudgetPerHour * Math.max(live, LEAST_LIVE)) / 10 ** d
      if (digits < MAX_DIGITS) expect(risk(digits)).toBeLessThanOrEqual(MAX_RISK * (1 + 1e-6))
      expect(risk(digits - 1)).toBeGreaterThan(MAX_RISK)
    }),
  )
})

test('BOUND takes the length that is set, and more only when numbers get scarce', () => {
  const bound = { ...defaults, verification: 'BOUND' as const }
  expect(digitsFor(bound, 0)).toBe(8)
  expect(digitsFor(bound, 1_000_000)).toBe(8)
  expect(digitsFor(bound, 1_000_001)).toBe(9)
})

test('settings that break the risk are told with the arithmetic', () => {
  expect(riskFault(defaults)).toBeUndefined()
  expect(riskFault({ ...defaults, verification: 'BOUND' })).toBeUndefined()
  expect(riskFault({ ...defaults, verification: 'BOUND', boundDigits: 6 })).toContain('5/10^6 = 5.0e-6')
})
