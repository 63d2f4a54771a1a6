import type { KeyRing } from '@emailauth/secrets/key-ring'
import type { Logger } from '@emailauth/service/logging/logger'
import { AT_DOT_LEASE_MS, LEASE_MS } from './leases.ts'
import type { MessageName } from './message-name.ts'
import { type MessageRecord, unsealRecord } from './message-record.ts'
import { createOpenLog, openOrLog } from './open-or-log.ts'
import type { Fields } from './scripts.ts'

export interface StateReaderOptions {
  readonly ring: KeyRing
  /** Unix milliseconds. */
  readonly now: () => number
  readonly logger?: Logger | undefined
}

/** Reads the fields of an identity's state, which lua/partition.lua lists. */
export interface StateReader {
  /**
   * How one message stands, if known. `queued` while an attempt runs. Undefined, and logged, also when it
   * cannot be unsealed.
   */
  record(name: MessageName, fields: Fields): MessageRecord | undefined
  /** Whether a relay took any of the messages, and it did not bounce. */
  wasDelivered(identityId: string, fields: Fields): boolean
}

export function createStateReader({ ring, now, logger }: StateReaderOptions): StateReader {
  const log = createOpenLog(logger)
  return {
    record(name, fields) {
      const id = idInState(name)
      const completed = fields.get(`c:${id}`)
      if (completed !== undefined) return openOrLog(log, () => unsealRecord(ring, name, completed))
      const attempts = Number(fields.get(`a:${id}`) ?? 0)
      const leaseEndsAtMs = Number.parseInt(fields.get(`l:${id}`)?.toString() ?? '', 10)
      const unended = (state: MessageRecord['state'], updatedAtMs: number): MessageRecord => ({
        state,
        attempts,
        updatedAtMs,
        reply: null,
        nextAttemptAtMs: null,
      })
      if (fields.has('x')) return unended('dropped', now())
      if (leaseEndsAtMs > now()) {
        const leaseMs = leaseEndsAtMs - now() > LEASE_MS ? AT_DOT_LEASE_MS : LEASE_MS
        return unended('queued', leaseEndsAtMs - leaseMs)
      }
      const deferred = fields.get(`d:${id}`)
      if (deferred !== undefined) return openOrLog(log, () => unsealRecord(ring, name, deferred))
      // Its mailer died in the attempt. Without a copy nobody goes on with it, unless it is asked for again.
      return fields.has(`r:${id}`) ? unended('deferred', leaseEndsAtMs) : undefined
    },
    wasDelivered(identityId, fields) {
      return [...fields].some(([field, sealed]) => {
        if (!field.startsWith('c:')) return false
        const messageId = field.slice('c:'.length) || identityId
        return openOrLog(log, () => unsealRecord(ring, { identityId, messageId }, sealed))?.state === 'sent'
      })
    },
  }
}

/** A message whose id is its identity's has none in the state. Most messages are such. */
export function idInState({ identityId, messageId }: MessageName): string {
  return messageId === identityId ? '' : messageId
}
