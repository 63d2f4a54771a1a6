import type { Language } from './texts.ts'

/** How long a number is still valid, as a mail says it. */
export interface Validity {
  readonly amount: number
  readonly unit: 'hour' | 'minute' | 'second'
}

/**
 * Rounds what is left to a number that people read: `{ amount: 10, unit: 'minute' }`. Rounded, not cut, so that the milliseconds
 * since registration do not make nine minutes of ten; and coarse, so that few different mails have to be compiled.
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
    // The code is in these digits, too.
    numberingSystem: 'latn',
  }).format(amount)
}
