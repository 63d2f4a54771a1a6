import type { TenantSettings } from '@emailauth/contracts/tenants'

/** The chance that anybody guesses a number, per hour (NUMBER) or per identity (BOUND), that no tenant may exceed. */
export const MAX_RISK = 1e-6
/** So many live numbers are assumed at least, so that a tenant's first guest is as safe as its thousandth. */
export const LEAST_LIVE = 1000
/** Numbers longer than this cannot be typed; a tenant that needs more has to use BOUND. */
export const MAX_DIGITS = 18

type NumberSettings = Pick<
  TenantSettings,
  'verification' | 'missBudgetPerHour' | 'boundDigits' | 'boundTries'
>

/**
 * How many digits a new number has while `live` numbers of the tenant are live.
 *
 * NUMBER: every live number is a target of every guess, so with a budget of v wrong look-ups an hour the length is the smallest
 * that keeps v·live/10^digits ≤ 1e-6. BOUND: only one identity is a target; a number is as long as set, and longer only where more than one in
 * a hundred draws would meet a number that is taken.
 */
export function digitsFor(settings: NumberSettings, live: number): number {
  if (settings.verification === 'BOUND') return Math.max(settings.boundDigits, digitsOf(live * 100))
  return Math.min(digitsOf((settings.missBudgetPerHour * Math.max(live, LEAST_LIVE)) / MAX_RISK), MAX_DIGITS)
}

/** The greatest number of live identities for which numbers of so many digits are long enough. */
export function mostLiveFor(settings: NumberSettings, digits: number): number {
  if (digits >= MAX_DIGITS) return Number.MAX_SAFE_INTEGER
  if (settings.verification === 'BOUND') return Math.floor(10 ** digits / 100)
  return Math.floor((10 ** digits * MAX_RISK) / settings.missBudgetPerHour + 1e-6)
}

/** The smallest d with 10^d ≥ count. */
function digitsOf(count: number): number {
  // A logarithm of 1e12 may come out a hair above 12.
  return Math.max(1, Math.ceil(Math.log10(count) - 1e-9))
}

/** Why settings would let numbers be guessed, with the arithmetic, or undefined when they are sound. */
export function riskFault(settings: NumberSettings): string | undefined {
  const { verification, boundDigits, boundTries } = settings
  if (verification === 'NUMBER') return undefined
  const risk = boundTries / 10 ** boundDigits
  if (risk <= MAX_RISK) return undefined
  return (
    `${boundTries} tries at a number of ${boundDigits} digits succeed with a chance of ${boundTries}/10^${boundDigits} = ` +
    `${risk.toExponential(1)}, above the ${MAX_RISK} that is allowed. Take more digits or fewer tries.`
  )
}
