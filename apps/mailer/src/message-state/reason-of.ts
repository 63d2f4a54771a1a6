import type { DeliveryReason } from '@emailauth/contracts/delivery-reason'
import { classifyFailure } from '../smtp/failure.ts'
import { OF_OWN_BOUNDS } from '../smtp/own-bounds.ts'
import { classifyReply } from '../smtp/refusals/classify-reply.ts'
import type { MessageRecord } from './message-record.ts'

/** How the reply of a message to a suppressed address begins. */
export const SUPPRESSED = 'The address is suppressed'

/** Our own text where the relay answered with what is no SMTP. */
const NO_SMTP = classifyFailure({ code: 'EPROTOCOL' }).reply

/** Our own texts where the relay and we could not agree on credentials, which has no reply to classify. */
const ABOUT_CREDENTIALS = new Set(['EAUTH', 'ENOAUTH'].map((code) => classifyFailure({ code }).reply))

/**
 * Why a message is deferred, bounced or rejected. undefined in every other state. Read from the stored
 * reply, so that the record needs no field of its own.
 */
export function reasonOf({
  state,
  reply,
}: Pick<MessageRecord, 'state' | 'reply'>): DeliveryReason | undefined {
  if (state === 'rejected') return reply?.startsWith(SUPPRESSED) ? 'suppressed' : 'recipient'
  if (state !== 'deferred' && state !== 'bounced') return undefined
  const [text, code] = /(?<![\d.])([45]\d\d)[ -][\s\S]*/.exec(reply ?? '') ?? []
  if (text !== undefined) {
    const found = classifyReply({ command: 'RCPT TO', code: Number(code), text })
    // Evidence about the recipient would have rejected the message, so it came at another command.
    return found === 'recipient' && state === 'deferred' ? 'other' : found
  }
  if (state === 'bounced' || OF_OWN_BOUNDS.has(reply ?? '')) return 'other'
  // A reply that begins with the code of no failure.
  if (reply === NO_SMTP || /^\d{3}(?:[ -]|$)/.test(reply ?? '')) return 'protocol'
  return ABOUT_CREDENTIALS.has(reply ?? '') ? 'credentials' : 'unreachable'
}
