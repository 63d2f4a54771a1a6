import { digitsFor, type NumberSettings, namedMissesPerHour } from '@emailauth/contracts/number-policy'

/**
 * Simulates an hour of guessing in mode NUMBER against `live` people: all guesses by number alone that the
 * limits allow, then all that name a person, never the same guess twice. Answers whether any number was
 * found.
 */
export function attackForAnHour(settings: NumberSettings, live: number): boolean {
  const numbers = 10 ** digitsFor(settings, live)
  const alone = settings.missBudgetPerHour
  const named = namedMissesPerHour(settings)
  for (let person = 0; person < live; person++) {
    // All numbers are equally likely, so the lowest ones are as good as any.
    const number = Math.floor(Math.random() * numbers)
    if (number < alone) return true
    const tries = Math.floor(named / live) + (person < named % live ? 1 : 0)
    if (number < alone + tries) return true
  }
  return false
}
