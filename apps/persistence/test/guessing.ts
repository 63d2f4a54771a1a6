import { digitsFor, type NumberSettings, namedMissesPerHour } from '@emailauth/contracts/number-policy'

/**
 * Plays an hour of guessing in mode NUMBER against `live` people: all that may be tried by number alone, then all that may
 * name a person, never the same guess twice. Answers whether anybody's number was found.
 */
export function attackForAnHour(settings: NumberSettings, live: number): boolean {
  const numbers = 10 ** digitsFor(settings, live)
  const alone = settings.missBudgetPerHour
  const named = namedMissesPerHour(settings)
  for (let person = 0; person < live; person++) {
    // Numbers are drawn evenly, so the lowest ones are as good a guess as any.
    const number = Math.floor(Math.random() * numbers)
    if (number < alone) return true
    const tries = Math.floor(named / live) + (person < named % live ? 1 : 0)
    if (number < alone + tries) return true
  }
  return false
}
