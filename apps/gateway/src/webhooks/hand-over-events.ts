import type { Outbox } from '@emailauth/contracts/webhooks'
import type { Logger } from '@emailauth/service/logger'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import { repeatRounds } from '../services/repeat-rounds.ts'

/** How often failing endpoints are looked for while there are always events. */
const FAILURES_EVERY_MS = 1000

export interface HandOverEventsOptions {
  readonly persistence: Pick<Persistence, 'leaseOutbox' | 'acknowledgeOutbox' | 'giveUpWebhook'>
  readonly mailer: Pick<Mailer, 'handOverWebhooks' | 'webhookFailures' | 'acknowledgeWebhookFailures'>
  readonly logger: Pick<Logger, 'debug'>
  readonly everyMs?: number
}

/**
 * Moves events for webhooks from persistence to the mailer, and which endpoints are to be disabled back,
 * because only the gateway speaks with both. Starts at once. Persistence leases a tenant's events to one
 * gateway at a time. If that gateway dies, another takes over, and the mailer ignores an event that it has.
 */
export function handOverEvents(options: HandOverEventsOptions): { stop(): Promise<void> } {
  const { persistence, mailer, logger, everyMs } = options
  let failuresDueMs = 0
  const moveEvents = async (): Promise<boolean> => {
    const outbox = await persistence.leaseOutbox()
    const { entries, deleted } = outbox
    if (entries.length === 0 && deleted.length === 0) return false
    await mailer.handOverWebhooks({ entries, deleted })
    await persistence.acknowledgeOutbox(acknowledgementOf(outbox))
    return entries.some(({ events }) => events.length > 0)
  }

  const moveFailures = async () => {
    const failures = await mailer.webhookFailures()
    if (failures.length === 0) return
    await Promise.all(failures.map(({ id, reason }) => persistence.giveUpWebhook(id, reason)))
    await mailer.acknowledgeWebhookFailures(failures.map(({ id }) => id))
  }

  const round = async (): Promise<boolean> => {
    const more = await moveEvents()
    // Also while there is always more, because a busy tenant must not keep others' endpoints enabled.
    if (!more || performance.now() >= failuresDueMs) {
      await moveFailures()
      failuresDueMs = performance.now() + FAILURES_EVERY_MS
    }
    return more
  }

  const failed = 'events for webhooks are handed over another time'
  return repeatRounds({ round, failed, logger, everyMs })
}

function acknowledgementOf({ entries, deleted }: Outbox) {
  return {
    entries: entries.map(({ tenantId, lease, cursor, webhooks }) => ({
      tenantId,
      lease,
      cursor,
      versions: webhooks.map(({ id, version }) => ({ id, version })),
    })),
    deleted,
  }
}
