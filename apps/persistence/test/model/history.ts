/**
 * An event of one address, as its callers observed it. It names identities by their public id, and a number
 * by its identity.
 */
export type Event =
  /** An acknowledged register: the identity that it created, and the one that it says it replaced. */
  | { readonly kind: 'register'; readonly made: string; readonly replaced: string | null }
  /**
   * A verify with the number of `target`, or of nobody. `fits`: identityId or email, if given, are those of
   * `target`.
   */
  | { readonly kind: 'verify'; readonly target: string | null; readonly fits: boolean; readonly won: boolean }
  | { readonly kind: 'remove'; readonly target: string; readonly removed: boolean }
  | { readonly kind: 'resend'; readonly target: string; readonly found: boolean }
  /** No call: the life of `target` ends. */
  | { readonly kind: 'expire'; readonly target: string }

/** An event that took effect between sending the call and receiving its reply, in ms. */
export interface Operation {
  readonly event: Event
  readonly invokedAt: number
  readonly returnedAt: number
}

/** The state of an address: its live identity, if any. */
export type Live = string | null

/**
 * The model: the state after an event, or `impossible` when the event cannot have this outcome in this state.
 */
export function step(live: Live, event: Event): { readonly live: Live } | 'impossible' {
  switch (event.kind) {
    case 'register':
      return event.replaced === live ? { live: event.made } : 'impossible'
    case 'verify': {
      const wins = event.target !== null && event.target === live && event.fits
      if (wins !== event.won) return 'impossible'
      return { live: wins ? null : live }
    }
    case 'remove':
      if ((event.target === live) !== event.removed) return 'impossible'
      return { live: event.removed ? null : live }
    case 'resend':
      return (event.target === live) === event.found ? { live } : 'impossible'
    case 'expire':
      return { live: event.target === live ? null : live }
  }
}
