import { BATCH_MAX } from '@emailauth/contracts/common'
import { cutText } from '@emailauth/contracts/cut-text'
import { type DeliveryDetail, type DeliveryReport, EVENT_REPLY_MAX_LENGTH } from '@emailauth/contracts/events'
import type { Message, MessageState, RelayReply } from '@emailauth/contracts/messages'
import { createBackgroundBatch } from '@emailauth/rpc/client/background-batch'
import type { Logger } from '@emailauth/service/logging/logger'
import type { Persistence } from '../services/persistence/persistence-client.ts'

/**
 * Reports delivery outcomes to persistence, for events and statistics. Nobody waits for it: faults are
 * logged.
 */
export interface DeliveryReports {
  report(message: Pick<Message, 'identityId' | 'messageId' | 'state' | 'relay' | 'reply' | 'reason'>): void
  /** Sends what is still collected. */
  close(): Promise<void>
}

/** The part of a relay's reply that an event keeps, and the reason's class. */
export function detailOf({ relay, reply, reason }: Partial<RelayReply> = {}): DeliveryDetail {
  const detail: DeliveryDetail = {}
  if (relay) detail.relay = relay
  if (reply) detail.reply = cutText(reply, EVENT_REPLY_MAX_LENGTH)
  if (reason) detail.reason = reason
  return detail
}

const TYPES: Partial<Record<MessageState, DeliveryReport['type']>> = {
  sent: 'sent',
  queued: 'deferred',
  deferred: 'deferred',
  bounced: 'bounced',
}
const COLLECT_MS = 50

export function createDeliveryReports(
  persistence: Pick<Persistence, 'reportDeliveries'>,
  logger: Pick<Logger, 'warn'>,
): DeliveryReports {
  const reports = createBackgroundBatch<DeliveryReport>({
    max: BATCH_MAX,
    gatherMs: COLLECT_MS,
    send: persistence.reportDeliveries,
    onError: (error, count) => logger.warn({ err: error, count }, 'delivery outcomes could not be reported'),
  })
  return {
    report({ identityId, messageId, state, relay, reply, reason }) {
      const type = TYPES[state]
      // A refusal is reported where it takes effect.
      if (type === undefined) return
      // Only a queued mail gets a later report, which names it by its own id. A bounce has that id anyway.
      const named = type === 'sent' ? { type, identityId } : { type, identityId, messageId }
      reports.add(Object.assign(named, detailOf({ relay, reply, reason })))
    },
    close: reports.close,
  }
}
