import type { Language } from '@emailauth/contracts/languages'

/** How long a number is still valid, as the mail shows it. */
export interface Validity {
  readonly amount: number
  readonly unit: 'hour' | 'minute' | 'second'
}

/**
 * Rounds the remaining time to what people read, such as `{ amount: 10, unit: 'minute' }`.
 * Rounding goes up and down, so that milliseconds after registration ten minutes stay ten. The steps are
 * coarse, so that few different mails are compiled.
 */
export function validityOf(remainingMs: number): Validity {
  const seconds = Math.max(remainingMs / 1000, 0)
  if (seconds >= 7200) return { amount: Math.round(seconds / 3600), unit: 'hour' }
  if (seconds >= 115) return { amount: Math.round(seconds / 60), unit: 'minute' }
  return { amount: Math.max(Math.round(seconds / 10), 1) * 10, unit: 'second' }
}

/** `10 minutes`, `2 horas`. */
export function validityIn(language: Language, { amount, unit }: Validity): string {
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    // The code uses these digits too.
    numberingSystem: 'latn',
  }).format(amount)
}
