/** The longest name that a mail shows, in characters. */
const MAX_LENGTH = 80

/**
 * A tenant's name as a mail may show it: one line, no control characters, and none that turn the direction of writing or are
 * invisible, with which a name could pretend to be another one or write into a header.
 */
export function displayName(name: string): string {
  const line = name
    // Joiners stay: emoji and several scripts are written with them.
    .replace(/[^\P{C}\u200c\u200d]|[\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    // In a header this begins an encoded word (RFC 2047), which would be shown as something else.
    .replaceAll('=?', '= ?')
    .trim()
  const characters = [...line]
  return characters.length > MAX_LENGTH ? `${characters.slice(0, MAX_LENGTH - 1).join('')}…` : line
}
