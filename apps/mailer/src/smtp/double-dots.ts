/**
 * Prepares a message for DATA: each line that begins with a dot gets another one before it (RFC 5321, 4.5.2).
 */
export function doubleDots(message: string): string {
  return message.replace(/^\./gm, '..')
}
