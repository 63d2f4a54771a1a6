/** Reads `tag=value; tag=value`, the form of DKIM keys and DMARC policies (RFC 6376, 3.2). */
export function readTags(record: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>()
  for (const part of record.split(';')) {
    const at = part.indexOf('=')
    if (at !== -1) tags.set(part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim())
  }
  return tags
}
