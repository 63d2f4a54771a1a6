// Identities' ids end with a dot and bytes in base64url. There is one for each mail in Redis, so they are
// kept as bytes: 0 | length of what is before the dot | that | the bytes.
const PACKED = 0
const ID = /^([\x20-\x7e]{1,255})\.([A-Za-z0-9_-]+)$/

/** An id as it is kept in Redis. One of another form is kept as text, which never begins with a zero. */
export function packIdentity(identityId: string): Buffer {
  const [, before, text] = ID.exec(identityId) ?? []
  const bytes = Buffer.from(text ?? '', 'base64url')
  if (before === undefined || bytes.toString('base64url') !== text) return Buffer.from(identityId)
  return Buffer.concat([Buffer.of(PACKED, before.length), Buffer.from(before), bytes])
}

/** Reads what {@link packIdentity} wrote. */
export function unpackIdentity(kept: Buffer): string {
  if (kept[0] !== PACKED) return kept.toString()
  const end = 2 + kept.readUInt8(1)
  return `${kept.toString('latin1', 2, end)}.${kept.toString('base64url', end)}`
}
