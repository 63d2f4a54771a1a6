import type { SmtpServer } from '../smtp/smtp-url.ts'
import { isNotForBdat, isNotForGroups } from './transaction-verdict.ts'
import type { Passed } from './waiting-mails.ts'

/** In which forms a relay can be sent a message, as far as is known from its answers. */
export interface RelayForms {
  /** Whether commands may be sent as a group (RFC 2920). */
  mayPipeline(): boolean
  /** Whether BDAT may be used (RFC 3030). */
  mayChunk(): boolean
  /** Learns from a message that was sent, or was not. */
  note(passed: Passed): void
}

/** After a failed group the relay gets single commands for this long, and after a failed BDAT DATA. */
const PIPELINING_OFF_MS = 3_600_000

export function createRelayForms({ pipelining }: Pick<SmtpServer, 'pipelining'>): RelayForms {
  let pipeliningOffUntilMs = 0
  let chunkingOffUntilMs = 0
  return {
    mayPipeline: () => pipelining !== false && performance.now() >= pipeliningOffUntilMs,
    mayChunk: () => performance.now() >= chunkingOffUntilMs,
    note(passed) {
      if (isNotForGroups(passed)) pipeliningOffUntilMs = performance.now() + PIPELINING_OFF_MS
      if (isNotForBdat(passed)) chunkingOffUntilMs = performance.now() + PIPELINING_OFF_MS
    },
  }
}
