import type { Outbox } from '@emailauth/contracts/webhooks'
import type { Logger } from '@emailauth/service/logger'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import { repeatRounds } from '../services/repeat-rounds.ts'

export interface HandOverEventsOptions {
  readonly persistence: Pick<Persistence, 'leaseOutbox' | 'acknowledgeOutbox' | 'giveUpWebhook'>
  readonly mailer: Pick<Mailer, 'handOverWebhooks' | 'webhookFailures' | 'acknowledgeWebhookFailures'>
  readonly logger: Pick<Logger, 'debug'>
}

/**
 * Moves events for webhooks from persistence to the mailer, and which endpoints are to be disabled back,
 * because only the gateway speaks with both. Starts at once. Persistence leases a tenant's events to one
 * gateway at a time. If that gateway dies, another takes over, and the mailer ignores an event that it has.
 */
export function handOverEvents({ persistence, mailer, logger }: HandOverEventsOptions): {
  stop(): Promise<void>
} {
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
    if (!more) await moveFailures()
    return more
  }

  return repeatRounds({ round, failed: 'events for webhooks are handed over another time', logger })
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
