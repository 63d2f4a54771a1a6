/**
 * What happened to one address, as its callers saw it. Identities are named by their public id, numbers by the identity they were made for.
 */
export type Event =
  /** A register that answered: whom it made, and whom it says it replaced. */
  | { readonly kind: 'register'; readonly made: string; readonly replaced: string | null }
  /** A verify with the number of `target`, or with nobody's; `fits`: what came beside the number was `target`'s own. */
  | { readonly kind: 'verify'; readonly target: string | null; readonly fits: boolean; readonly won: boolean }
  | { readonly kind: 'remove'; readonly target: string; readonly removed: boolean }
  | { readonly kind: 'resend'; readonly target: string; readonly found: boolean }
  /** Nobody's call: the life of `target` ends. */
  | { readonly kind: 'expire'; readonly target: string }

/** An event and the time within which it took effect, in ms: not before the call was sent, not after its answer came. */
export interface Operation {
  readonly event: Event
  readonly invokedAt: number
  readonly returnedAt: number
}

/** The whole state of an address: the identity whose number is live, or nobody's. */
export type Live = string | null

/** The plain model: what an event leaves behind, or `impossible` when it cannot have ended so in this state. */
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
