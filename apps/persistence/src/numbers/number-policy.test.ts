import {
  digitsFor,
  guessingRisk,
  LEAST_LIVE,
  mostLiveFor,
  namedMissesPerHour,
  riskFault,
  SHORTEST_ALONE,
  triesFor,
} from '@emailauth/contracts/number-policy'
import { DEFAULT_SETTINGS } from '@emailauth/contracts/tenants'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attackForAnHour } from '../../test/limits/guessing.ts'

const defaults = DEFAULT_SETTINGS
const bound = { ...defaults, verification: 'BOUND' as const }
const settings = fc.record({
  verification: fc.constantFrom('NUMBER' as const, 'BOUND' as const),
  missBudgetPerHour: fc.integer({ min: 10, max: 100_000 }),
  boundDigits: fc.integer({ min: 6, max: 12 }),
  boundTries: fc.integer({ min: 1, max: 10 }),
  acceptedRisk: fc.double({ min: 1e-9, max: 1e-5, noNaN: true }),
})

test.each([
  [0, 12],
  [910, 12],
  [911, 13],
  [9910, 13],
  [9911, 14],
  [999_910, 15],
])('at the defaults %i live numbers ask for %i digits', (live, digits) => {
  expect(digitsFor(defaults, live)).toBe(digits)
})

test('the length is the smallest that keeps the accepted risk, for any settings and count', () => {
  fc.assert(
    fc.property(settings, fc.integer({ min: 0, max: 1_000_000_000 }), (given, live) => {
      const digits = digitsFor(given, live)
      expect(live).toBeLessThanOrEqual(mostLiveFor(given, digits))
      if (given.verification === 'BOUND') return
      const guesses = given.missBudgetPerHour * Math.max(live, LEAST_LIVE) + namedMissesPerHour(given)
      expect(guesses / 10 ** digits).toBeLessThanOrEqual(given.acceptedRisk * (1 + 1e-6))
      expect(guesses / 10 ** (digits - 1)).toBeGreaterThan(given.acceptedRisk * (1 - 1e-6))
      expect(digits).toBeGreaterThanOrEqual(SHORTEST_ALONE)
      expect(digits).toBeLessThanOrEqual(24)
    }),
  )
})

test('a guess that names an identity has a tenth of the weight and enough tries for all that live', () => {
  expect([namedMissesPerHour(defaults), triesFor(defaults)]).toEqual([90_000, 100])
  expect([10, 100, 500].map((missBudgetPerHour) => triesFor({ ...defaults, missBudgetPerHour }))).toEqual([
    11, 11, 50,
  ])
  expect(triesFor(bound)).toBe(5)
  fc.assert(
    fc.property(settings, (given) => {
      if (given.verification === 'BOUND') return
      expect(triesFor(given) * LEAST_LIVE).toBeLessThanOrEqual(namedMissesPerHour(given))
      expect(triesFor(given) / 10 ** digitsFor(given, 0)).toBeLessThanOrEqual(given.acceptedRisk)
    }),
  )
})

test('BOUND takes the length that is set, and more only when numbers get scarce', () => {
  expect(digitsFor(bound, 0)).toBe(8)
  expect(digitsFor(bound, 1_000_000)).toBe(8)
  expect(digitsFor(bound, 1_000_001)).toBe(9)
})

test('the risk is shown with its arithmetic, and what is above it refused with the same', () => {
  expect(guessingRisk(defaults)).toEqual({
    chance: 9.9e-7,
    per: 'HOUR',
    digits: 12,
    arithmetic: '(1000 × 900 live + 90000) / 10^12 = 9.9e-7 in an hour; accepted: 1.0e-6',
  })
  expect(guessingRisk(bound).arithmetic).toBe('5 tries / 10^8 = 5.0e-8 for an identity; accepted: 1.0e-6')
  expect(riskFault(defaults)).toBeUndefined()
  expect(riskFault(bound)).toBeUndefined()
  const sixDigits = { ...bound, boundDigits: 6 }
  expect(riskFault(sixDigits)).toContain('5 tries / 10^6 = 5.0e-6 for an identity; accepted: 1.0e-6')
  expect(riskFault({ ...sixDigits, acceptedRisk: 5e-6 })).toBeUndefined()
  expect(riskFault({ ...sixDigits, acceptedRisk: 1e-5, boundTries: 10 })).toBeUndefined()
  expect(guessingRisk({ ...defaults, acceptedRisk: 1e-5 }).digits).toBe(11)
})

// A risk of one in a million is too small to measure in a test, so the test raises it. The formula is the
// same.
test.each([
  { missBudgetPerHour: 200, acceptedRisk: 0.05, live: LEAST_LIVE },
  { missBudgetPerHour: 10, acceptedRisk: 0.02, live: LEAST_LIVE },
  { missBudgetPerHour: 100, acceptedRisk: 0.1, live: 5000 },
])('a guesser who uses every budget for an hour gets in as rarely as accepted: %j', ({ live, ...given }) => {
  const tenant = { ...defaults, ...given }
  const hours = 3000
  let successes = 0
  for (let hour = 0; hour < hours; hour++) if (attackForAnHour(tenant, live)) successes += 1
  const expected =
    (given.missBudgetPerHour * live + namedMissesPerHour(tenant)) / 10 ** digitsFor(tenant, live)
  expect(expected).toBeLessThanOrEqual(given.acceptedRisk)
  // Five standard deviations: one run in millions fails by chance.
  const deviation = 5 * Math.sqrt(expected / hours)
  expect(successes / hours).toBeLessThanOrEqual(expected + deviation)
  expect(successes / hours).toBeGreaterThanOrEqual(expected * (1 - given.acceptedRisk) - deviation)
})
