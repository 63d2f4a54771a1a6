import type { Event } from './api/follow-events.ts'

/** Bound of rows in a list. Older ones load on scrolling. */
const MOST = 2000

/** Adds newer events in front of a list (newest first), without duplicates. */
export function withNewer(events: readonly Event[], newer: readonly Event[]): readonly Event[] {
  if (newer.length === 0) return events
  const known = new Set(events.slice(0, newer.length + 50).map(({ cursor }) => cursor))
  const fresh = newer.filter(({ cursor }) => !known.has(cursor)).toReversed()
  return fresh.length === 0 ? events : [...fresh, ...events].slice(0, MOST)
}

/** Adds an older page to the end of a list. */
export function withOlder(events: readonly Event[], older: readonly Event[]): readonly Event[] {
  const known = new Set(events.map(({ cursor }) => cursor))
  return [...events, ...older.filter(({ cursor }) => !known.has(cursor))]
}

/** Addresses by identity, from the events that contain them. */
export function knownEmails(events: readonly Event[]): ReadonlyMap<string, string> {
  return new Map(
    events.flatMap(({ identityId, email }) =>
      identityId === null || email === null ? [] : [[identityId, email]],
    ),
  )
}
