/**
 * The beginning of a text, of at most so many UTF-16 units. It never ends with half a character: JSON with
 * one is refused by many readers, among them receivers of webhooks.
 */
export function cutText(text: string, most: number): string {
  const end = text.charCodeAt(most - 1)
  const isHalf = text.length > most && end >= 0xd800 && end <= 0xdbff
  return text.slice(0, isHalf ? most - 1 : most)
}

/** A text in one line, without characters that a terminal would obey. */
export function oneLine(text: string): string {
  return text.replace(/[\p{C}\s]+/gu, ' ').trim()
}
