import { BATCH_MAX } from '@emailauth/contracts/common'
import type { DeliveryReport } from '@emailauth/contracts/events'
import type { Message, MessageState } from '@emailauth/contracts/messages'
import type { Logger } from '@emailauth/service/logger'
import DataLoader from 'dataloader'
import type { Persistence } from '../persistence/persistence-client.ts'

/** Tells persistence how mails fared, for the events and the figures. Nobody waits for it: a fault is logged. */
export interface DeliveryReports {
  report(message: Pick<Message, 'identityId' | 'messageId' | 'state'>): void
  /** Sends what is still collected. */
  close(): Promise<void>
}

const TYPES: Partial<Record<MessageState, DeliveryReport['type']>> = {
  sent: 'sent',
  queued: 'deferred',
  deferred: 'deferred',
}
// Nobody waits for a report, so many of them make one hop.
const COLLECT_MS = 20

export function createDeliveryReports(
  persistence: Pick<Persistence, 'reportDeliveries'>,
  logger: Pick<Logger, 'warn'>,
): DeliveryReports {
  const reports = new Set<Promise<void>>()
  const loader = new DataLoader<DeliveryReport, void>(
    async (batch) => {
      try {
        await persistence.reportDeliveries(batch)
      } catch (error) {
        logger.warn({ err: error, count: batch.length }, 'how mails fared could not be told')
      }
      return batch.map(() => undefined)
    },
    { cache: false, maxBatchSize: BATCH_MAX, batchScheduleFn: (run) => void setTimeout(run, COLLECT_MS) },
  )
  return {
    report({ identityId, messageId, state }) {
      const type = TYPES[state]
      // A refusal is told where it takes effect.
      if (type === undefined) return
      // Only a mail that waits has something to be told later, by its own id.
      const report = type === 'deferred' ? { type, identityId, messageId } : { type, identityId }
      const told = loader.load(report).finally(() => reports.delete(told))
      reports.add(told)
    },
    async close() {
      await Promise.all(reports)
    },
  }
}
