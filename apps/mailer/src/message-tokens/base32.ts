/** RFC 4648 in lower case without padding, because mail servers may change the case of a local part. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** Writes bytes. {@link readBase32} reads them. */
export function writeBase32(bytes: Uint8Array): string {
  let bits = 0
  let held = 0
  let text = ''
  for (const byte of bytes) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31]
    held &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + ALPHABET[(held << (5 - bits)) & 31]
}

/** Reads either case. Returns undefined for text that {@link writeBase32} does not write. */
export function readBase32(text: string): Buffer | undefined {
  let bits = 0
  let held = 0
  const bytes: number[] = []
  const lower = text.toLowerCase()
  for (const character of lower) {
    const value = ALPHABET.indexOf(character)
    if (value === -1) return undefined
    held = (held << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push(held >> bits)
      held &= (1 << bits) - 1
    }
  }
  const read = Buffer.from(bytes)
  return writeBase32(read) === lower ? read : undefined
}
