import type { Event } from './api/follow-events.ts'

/** What came live before what the page held, newest first; a page that was asked for again holds some of it too. */
export function joined(live: readonly Event[], page: readonly Event[]): readonly Event[] {
  if (live.length === 0) return page
  const known = new Set(live.map(({ cursor }) => cursor))
  return [...live, ...page.filter(({ cursor }) => !known.has(cursor))].sort((a, b) =>
    a.cursor < b.cursor ? 1 : -1,
  )
}

/** The addresses of identities, from the events that bear them. */
export function knownEmails(events: readonly Event[]): ReadonlyMap<string, string> {
  return new Map(
    events.flatMap(({ identityId, email }) =>
      identityId === null || email === null ? [] : [[identityId, email]],
    ),
  )
}
