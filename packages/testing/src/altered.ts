/**
 * Changes one character of an id or a secret, and never to the same one. It is not one of the last three: the
 * last of base64url may carry bits that do not count.
 */
export function altered(text: string): string {
  const at = text.length - 4
  if (at < 0) throw new Error('The text needs at least four characters.')
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
}
