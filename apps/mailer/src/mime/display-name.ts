/** Longest name that a mail shows, in characters. */
const MAX_LENGTH = 80

/**
 * Makes a tenant's name safe to show in a mail: one line, no control characters, no invisible ones and none
 * that change the writing direction. With those a name could imitate another one, or write into a header.
 */
export function displayName(name: string): string {
  const line = name
    // Joiners stay, because emoji and several scripts use them.
    .replace(/[^\P{C}\u200c\u200d]|[\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    // In a header `=?` begins an encoded word (RFC 2047), which would show as other text.
    .replaceAll('=?', '= ?')
    .trim()
  const characters = [...line]
  return characters.length > MAX_LENGTH ? `${characters.slice(0, MAX_LENGTH - 1).join('')}…` : line
}
