// Hebrew to Arabic Extended-A, their presentation forms, and the old and new scripts of the upper planes.
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
const [LEFT_TO_RIGHT_ISOLATE, FIRST_STRONG_ISOLATE, POP_ISOLATE] = ['\u2066', '\u2068', '\u2069']

/** For i18next: what it does with each value that it puts into a text. React escapes. */
export const INTERPOLATION = { escape: isolate } as const

/**
 * Keeps a name or address that is written from right to left together within a sentence, as `<bdi>` does in
 * markup. Without it the sentence's next digits or punctuation move to the other side of it. An address
 * stands as everywhere, with its domain on the right. Any other text is returned unchanged.
 */
export function isolate(text: string): string {
  if (!RIGHT_TO_LEFT.test(text)) return text
  const start = /^\S+@\S+$/.test(text) ? LEFT_TO_RIGHT_ISOLATE : FIRST_STRONG_ISOLATE
  return `${start}${text}${POP_ISOLATE}`
}
