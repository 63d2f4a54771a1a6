/** 6 to 24 digits, alone or in groups that a space or a dash keeps apart. */
const NUMBER = /(?<![\p{L}\d])\d(?:[ \u00a0\u2009\u202f-]?\d){5,23}(?![\p{L}\d])/u

/**
 * The one-time number of a mail: the one in its subject, else the one that stands alone on a line of its text.
 * @param {string} subject
 * @param {string} text
 * @returns {{ shown: string, digits: string } | undefined} as the mail writes it, and for pasting
 */
export function findNumber(subject, text) {
  const shown = NUMBER.exec(subject)?.[0] ?? text.split('\n').map(wholeLine).find(Boolean)
  return shown === undefined ? undefined : { shown, digits: shown.replace(/\D/g, '') }
}

/** @param {string} line */
function wholeLine(line) {
  const trimmed = line.trim()
  return trimmed.length <= 64 && NUMBER.exec(trimmed)?.[0] === trimmed ? trimmed : undefined
}
