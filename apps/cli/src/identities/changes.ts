import type { Identity } from '@emailauth/client'

/**
 * The difference between two reads of the list. A missing identity was verified, replaced, revoked, or
 * expired.
 */
export type Change =
  | { readonly change: 'added'; readonly identity: Identity }
  | { readonly change: 'mail'; readonly identity: Identity }
  | { readonly change: 'gone'; readonly identity: Identity }

/** Compares two looks; the oldest change comes first. */
export function changesBetween(before: readonly Identity[], after: readonly Identity[]): Change[] {
  const known = new Map(before.map((identity) => [identity.id, identity]))
  const present = new Set(after.map(({ id }) => id))
  const gone = before
    .filter(({ id }) => !present.has(id))
    .map((identity) => ({ change: 'gone' as const, identity }))
  const others = after.flatMap((identity): Change[] => {
    const old = known.get(identity.id)
    if (old === undefined) return [{ change: 'added', identity }]
    return old.delivery.state === identity.delivery.state ? [] : [{ change: 'mail', identity }]
  })
  return [...gone.reverse(), ...others.reverse()]
}
