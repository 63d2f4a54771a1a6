import type { TenantSettings } from './tenants.ts'

// How long a number must be. There are v misses an hour by number alone, b misses an hour that name an
// identity, A live numbers, and d digits. The chance that a guess succeeds within an hour must be
//
//   (v·A + b) / 10^d ≤ acceptedRisk
//
// because a guess by number alone tries all A live numbers, and one that names an identity tries one.
// Decision 0004 derives it. The simulation in persistence's number-policy.test.ts checks it.

/** Least live numbers that the formula assumes, so that a new tenant's numbers are long enough too. */
export const LEAST_LIVE = 900
/** The budget of misses that name an identity is never smaller than this. */
const LEAST_NAMED_MISSES = 10_000
/** Otherwise it is this share of what the misses by number alone weigh. */
const NAMED_SHARE = 0.1
/** Most tries with NUMBER. The numbers are long, so an identity can have many. */
const MOST_TRIES = 100
/** Least digits of a number in mode NUMBER, whatever the settings. */
export const SHORTEST_ALONE = 10
/** In mode BOUND at most one of this many generated numbers is taken already. */
const SCARCE = 100

export type NumberSettings = Pick<
  TenantSettings,
  'verification' | 'missBudgetPerHour' | 'boundDigits' | 'boundTries' | 'acceptedRisk'
>

/** b: misses an hour with NUMBER that name an identity, by its id or its address, in the whole tenant. */
export function namedMissesPerHour({ missBudgetPerHour }: Pick<NumberSettings, 'missBudgetPerHour'>): number {
  return Math.max(LEAST_NAMED_MISSES, Math.floor(missBudgetPerHour * LEAST_LIVE * NAMED_SHARE))
}

/**
 * Misses that burn the identity that they name. With NUMBER it is b shared by {@link LEAST_LIVE} identities.
 */
export function triesFor(settings: NumberSettings): number {
  if (settings.verification === 'BOUND') return settings.boundTries
  return Math.min(MOST_TRIES, Math.floor(namedMissesPerHour(settings) / LEAST_LIVE))
}

/** The digits of a new number while `live` numbers of the tenant are live. */
export function digitsFor(settings: NumberSettings, live: number): number {
  if (settings.verification === 'BOUND') return Math.max(settings.boundDigits, digitsOf(live * SCARCE))
  return digitsOf(guessesPerHour(settings, Math.max(live, LEAST_LIVE)) / settings.acceptedRisk)
}

/** Most live identities for which numbers with this many digits are long enough. */
export function mostLiveFor(settings: NumberSettings, digits: number): number {
  if (settings.verification === 'BOUND') return Math.floor(10 ** digits / SCARCE)
  const guesses = 10 ** digits * settings.acceptedRisk - namedMissesPerHour(settings)
  return Math.min(Number.MAX_SAFE_INTEGER, Math.floor(guesses / settings.missBudgetPerHour + 1e-6))
}

/** v·A + b */
function guessesPerHour(settings: NumberSettings, live: number): number {
  return settings.missBudgetPerHour * live + namedMissesPerHour(settings)
}

/** The smallest d with 10^d ≥ count. */
function digitsOf(count: number): number {
  // A computed logarithm of 1e12 may be slightly above 12.
  return Math.max(1, Math.ceil(Math.log10(count) - 1e-9))
}

/** A guesser's chance with a tenant's settings. */
export interface GuessingRisk {
  /** NUMBER: that any guess succeeds within an hour. BOUND: that one number is guessed before it burns. */
  readonly chance: number
  readonly per: 'HOUR' | 'IDENTITY'
  readonly digits: number
  /** The computation, for people to check. */
  readonly arithmetic: string
}

/**
 * The risk of a tenant's settings for up to {@link LEAST_LIVE} live numbers. With more of them numbers get
 * longer.
 */
export function guessingRisk(settings: NumberSettings): GuessingRisk {
  const { verification, missBudgetPerHour, boundDigits, boundTries, acceptedRisk } = settings
  const digits = digitsFor(settings, 0)
  const accepted = `accepted: ${shown(acceptedRisk)}`
  if (verification === 'BOUND') {
    const chance = boundTries / 10 ** boundDigits
    const arithmetic = `${boundTries} tries / 10^${boundDigits} = ${shown(chance)} for an identity; ${accepted}`
    return { chance, per: 'IDENTITY', digits, arithmetic }
  }
  const chance = guessesPerHour(settings, LEAST_LIVE) / 10 ** digits
  const guesses = `${missBudgetPerHour} × ${LEAST_LIVE} live + ${namedMissesPerHour(settings)}`
  return {
    chance,
    per: 'HOUR',
    digits,
    arithmetic: `(${guesses}) / 10^${digits} = ${shown(chance)} in an hour; ${accepted}`,
  }
}

/** Why the risk of settings is too high, with the computation. undefined: it is acceptable. */
export function riskFault(settings: NumberSettings): string | undefined {
  const { chance, arithmetic } = guessingRisk(settings)
  if (chance <= settings.acceptedRisk * (1 + 1e-9)) return undefined
  return `Numbers could be guessed: ${arithmetic}. Take more digits or fewer tries, or accept a higher risk (acceptedRisk, at most 1e-5).`
}

const shown = (chance: number) => chance.toExponential(1)
