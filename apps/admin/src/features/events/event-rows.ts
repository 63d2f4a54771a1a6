import type { Event } from './api/follow-events.ts'

/** So many stay in a list; who wants older ones scrolls on from the last. */
const MOST = 2000

/** The list, newest first, with what came since in front; nothing twice. */
export function withNewer(events: readonly Event[], newer: readonly Event[]): readonly Event[] {
  if (newer.length === 0) return events
  const known = new Set(events.slice(0, newer.length + 50).map(({ cursor }) => cursor))
  const fresh = newer.filter(({ cursor }) => !known.has(cursor)).toReversed()
  return fresh.length === 0 ? events : [...fresh, ...events].slice(0, MOST)
}

/** The list with an older page at its end. */
export function withOlder(events: readonly Event[], older: readonly Event[]): readonly Event[] {
  const known = new Set(events.map(({ cursor }) => cursor))
  return [...events, ...older.filter(({ cursor }) => !known.has(cursor))]
}

/** The addresses of identities, from the events that bear them. */
export function knownEmails(events: readonly Event[]): ReadonlyMap<string, string> {
  return new Map(
    events.flatMap(({ identityId, email }) =>
      identityId === null || email === null ? [] : [[identityId, email]],
    ),
  )
}
