import { createFairPlaces } from '../queue/fair-places.ts'
import { SHARE_IN_USE } from '../smtp/own-bounds.ts'
import type { SendMessage } from './send-message.ts'

/** So much of the bound on open sends is for mails that are handed over; the rest is for those that begin. */
const HANDED_OVER = 0.9
/** Up to so much of it every tenant gets a place, also one that has all others. */
const UNSHARED = 0.6

/** Hands mails over, of each tenant no more than its share. */
export interface FairHandOver {
  /** A mail without a place is deferred until one may be free. */
  readonly handOver: SendMessage
  /** When a mail of this tenant may come again, in Unix milliseconds. undefined: it gets a place now. */
  fullUntilMs(tenantId: string): number | undefined
}

/**
 * Shares the mails that one mailer hands over among tenants (queue/fair-places.ts), so that SMTP servers of
 * some, which may hang for minutes, leave places for others. A mail without a place goes to the durable
 * queue. A burst of one tenant meets no bound of ours but that of its relay, while others need few places.
 */
export function createFairHandOver(
  sendMessage: SendMessage,
  maxOpen: number,
  now: () => number,
): FairHandOver {
  const unshared = Math.ceil(UNSHARED * maxOpen)
  const places = createFairPlaces(Math.ceil(HANDED_OVER * maxOpen), { unshared, now })
  return {
    async handOver(request, remainingMs, cutOff) {
      const { tenantId } = request
      const againAtMs = places.enter(tenantId)
      if (againAtMs !== undefined)
        return { outcome: 'deferred', reply: SHARE_IN_USE, providerId: null, againAtMs }
      try {
        return await sendMessage(request, remainingMs, cutOff)
      } finally {
        places.leave(tenantId)
      }
    },
    fullUntilMs(tenantId) {
      const againAtMs = places.enter(tenantId)
      if (againAtMs === undefined) places.leave(tenantId)
      return againAtMs
    },
  }
}
