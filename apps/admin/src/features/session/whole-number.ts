const LEAST_DIGITS = 8

/**
 * Whether a field got a whole number at once, by pasting or autofill. What is typed key by key is never
 * whole, because nobody knows how many digits will follow.
 * @param before what the field held before
 */
export function isWholeNumber(value: string, before: string): boolean {
  const isTyped = value.slice(0, -1) === before || before.startsWith(value)
  return !isTyped && (value.match(/\p{Nd}/gu)?.length ?? 0) >= LEAST_DIGITS
}
