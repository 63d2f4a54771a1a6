import { deliveryState } from '../services/mailer/delivery-state.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Delivery } from './identity.types.ts'

/** The delivery state of an identity's mail. Look-ups of one turn, such as those of a page, make one call. */
export async function deliveryOf(identityId: string, mailer: Pick<Mailer, 'message'>): Promise<Delivery> {
  const message = await mailer.message(identityId)
  const state = deliveryState(message?.state)
  if (message === undefined) {
    const reason = 'no message known'
    return { state, attempts: 0, reason, relay: null, updatedAt: null, nextAttemptAt: null }
  }
  const { attempts, updatedAt, nextAttemptAt, relay, reply } = message
  const reason = reply ?? WITHOUT_REPLY[message.state] ?? null
  return { state, attempts, updatedAt, nextAttemptAt, relay, reason }
}

const WITHOUT_REPLY: Readonly<Record<string, string>> = {
  expired: 'the number expired before the mail was accepted',
  dropped: 'the number was used, replaced or revoked before the mail was accepted',
}
