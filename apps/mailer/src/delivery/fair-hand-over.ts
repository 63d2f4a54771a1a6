import { createFairPlaces } from '../queue/fair-places.ts'
import type { SendMessage } from './send-message.ts'

/** The reply of messages that wait because their tenant has its share of the mails under way. */
const BUSY = 'Many mails of this tenant are under way; this one waits.'

/** So much of the bound on open sends is for mails that are handed over; the rest is for those that begin. */
const SHARE = 0.9

/**
 * Shares the mails that one mailer hands over among tenants (queue/fair-places.ts), so that SMTP servers of
 * some, which may hang for minutes, leave places for others. A mail without a place goes to the durable
 * queue.
 */
export function createFairHandOver(handOver: SendMessage, maxOpen: number): SendMessage {
  const places = createFairPlaces(Math.ceil(SHARE * maxOpen))
  return async (request, remainingMs, cutOff) => {
    const { tenantId } = request
    if (places.enter(tenantId) !== undefined) return { outcome: 'deferred', reply: BUSY, providerId: null }
    try {
      return await handOver(request, remainingMs, cutOff)
    } finally {
      places.leave(tenantId)
    }
  }
}
