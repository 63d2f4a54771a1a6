/** 6 to 24 digits, alone or in groups that a space or a dash keeps apart. */
const NUMBER = /(?<![\p{L}\d])\d(?:[ \u00a0\u2009\u202f-]?\d){5,23}(?![\p{L}\d])/gu

/**
 * The one-time number of a mail: the one in its subject, else the one that stands alone on a line of its text.
 * @param {string} subject
 * @param {string} text
 * @returns {{ shown: string, digits: string } | undefined} as the mail writes it, and for pasting
 */
export function findNumber(subject, text) {
  const shown = subject.match(NUMBER)?.find(hasEvenGroups) ?? text.split('\n').map(wholeLine).find(Boolean)
  return shown === undefined ? undefined : { shown, digits: shown.replace(/\D/g, '') }
}

/** @param {string} line */
function wholeLine(line) {
  const trimmed = line.trim()
  return trimmed.length <= 64 && trimmed.match(NUMBER)?.[0] === trimmed && hasEvenGroups(trimmed)
    ? trimmed
    : undefined
}

/**
 * Groups of one length, as in 482-915; after spaces the last may be shorter. 2026-117 is an invoice.
 * @param {string} number
 */
function hasEvenGroups(number) {
  const lengths = number.split(/\D/).map((group) => group.length)
  const [first = 0] = lengths
  const last = lengths.pop() ?? 0
  return (
    lengths.every((length) => length === first) && (number.includes('-') ? last === first : last <= first)
  )
}
