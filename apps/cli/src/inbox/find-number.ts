/** Six digits or more, in groups or not: shorter ones in a text are years, counts, amounts. */
const GROUPED_DIGITS = /\d(?:[ \u00a0\u202f-]?\d){5,31}/

/** Finds the number in a subject or a text, as digits alone. */
export function findNumber(text: string): string | null {
  return GROUPED_DIGITS.exec(text)?.[0].replace(/\D/g, '') ?? null
}
