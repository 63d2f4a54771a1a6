/**
 * Reads a number as people type and paste it: spaces and dashes of any kind are ignored, full-width digits are digits. Answers undefined
 * for what cannot be a number of ours.
 */
export function readTypedNumber(typed: string): string | undefined {
  const digits = typed.normalize('NFKC').replace(/[\s\p{Pd}\p{Cf}]/gu, '')
  return /^\d{4,32}$/.test(digits) ? digits : undefined
}
