/**
 * How many of the newest identities were registered after `since` (ISO 8601, UTC; an empty text is before everything).
 * They come newest first.
 */
export function countNew(newest: readonly { readonly createdAt: string }[], since: string): number {
  const sinceMs = since === '' ? Number.NEGATIVE_INFINITY : Date.parse(since)
  const firstOld = newest.findIndex(({ createdAt }) => Date.parse(createdAt) <= sinceMs)
  return firstOld === -1 ? newest.length : firstOld
}
