import type { TenantSettings } from './tenants.ts'

// How long a number must be. With v wrong numbers an hour by number alone, A live numbers, b wrong numbers an hour that
// name an identity, and d digits, the chance that anybody gets in within an hour is at most
//
//   (v·A + b) / 10^d ≤ acceptedRisk
//
// because one guess by number alone tries all A live numbers, and one that names an identity tries one.
// Decision 0004 derives it; the simulation in number-policy.test.ts checks it.

/** So many live numbers are assumed at least, so that a tenant's first guest is as safe as its last. */
export const LEAST_LIVE = 900
/** Wrong numbers that name an identity have a budget of their own: a tenth of what those by number alone weigh, or this. */
const LEAST_NAMED_MISSES = 10_000
const NAMED_SHARE = 0.1
/** With NUMBER a number is long, so only a flood of wrong numbers at one identity burns it. */
const MOST_TRIES = 100
/** No number of mode NUMBER is shorter, whatever the settings. */
export const SHORTEST_ALONE = 10
/** In mode BOUND a new number meets one that is taken at most once in so many draws. */
const SCARCE = 100

export type NumberSettings = Pick<
  TenantSettings,
  'verification' | 'missBudgetPerHour' | 'boundDigits' | 'boundTries' | 'acceptedRisk'
>

/** b: with NUMBER so many wrong numbers an hour may name an identity, by its id or its address, in the whole tenant. */
export function namedMissesPerHour({ missBudgetPerHour }: Pick<NumberSettings, 'missBudgetPerHour'>): number {
  return Math.max(LEAST_NAMED_MISSES, Math.floor(missBudgetPerHour * LEAST_LIVE * NAMED_SHARE))
}

/** Wrong numbers that burn the identity they name. With NUMBER as many as all of {@link LEAST_LIVE} can take within b. */
export function triesFor(settings: NumberSettings): number {
  if (settings.verification === 'BOUND') return settings.boundTries
  return Math.min(MOST_TRIES, Math.floor(namedMissesPerHour(settings) / LEAST_LIVE))
}

/** How many digits a new number has while `live` numbers of the tenant are live. */
export function digitsFor(settings: NumberSettings, live: number): number {
  if (settings.verification === 'BOUND') return Math.max(settings.boundDigits, digitsOf(live * SCARCE))
  return digitsOf(guessesPerHour(settings, Math.max(live, LEAST_LIVE)) / settings.acceptedRisk)
}

/** The greatest number of live identities for which numbers of so many digits are long enough. */
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
  // A logarithm of 1e12 may come out a hair above 12.
  return Math.max(1, Math.ceil(Math.log10(count) - 1e-9))
}

/** What a tenant's settings let a guesser hope for. */
export interface GuessingRisk {
  /** NUMBER: of anybody's getting in within an hour. BOUND: of guessing one number before it burns. */
  readonly chance: number
  readonly per: 'HOUR' | 'IDENTITY'
  readonly digits: number
  /** The same as a sum that can be checked. */
  readonly arithmetic: string
}

/** The risk of a tenant's settings while at most {@link LEAST_LIVE} numbers are live; with more of them numbers get longer. */
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

/** Why settings would let numbers be guessed, with the arithmetic, or undefined when they are sound. */
export function riskFault(settings: NumberSettings): string | undefined {
  const { chance, arithmetic } = guessingRisk(settings)
  if (chance <= settings.acceptedRisk * (1 + 1e-9)) return undefined
  return `Numbers could be guessed: ${arithmetic}. Take more digits or fewer tries, or accept a higher risk (acceptedRisk, at most 1e-5).`
}

const shown = (chance: number) => chance.toExponential(1)
