import { setTimeout as wait } from 'node:timers/promises'
import type { Outbox } from '@emailauth/contracts/webhooks'
import type { Logger } from '@emailauth/service/logger'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'

export interface HandOverEventsOptions {
  readonly persistence: Pick<Persistence, 'leaseOutbox' | 'acknowledgeOutbox' | 'giveUpWebhook'>
  readonly mailer: Pick<Mailer, 'handOverWebhooks' | 'webhookFailures' | 'acknowledgeWebhookFailures'>
  readonly logger: Pick<Logger, 'debug'>
  readonly everyMs?: number
}

const EVERY_MS = 1000
/** Services that are gone are asked again after so long; the health checks report them. */
const AFTER_FAULT_MS = 5000

/**
 * Moves events for webhooks from persistence to the mailer, and which endpoints are to be disabled back,
 * because only the gateway speaks with both. Starts at once. Persistence leases a tenant's events to one
 * gateway at a time. If that gateway dies, another takes over, and the mailer ignores an event that it has.
 */
export function handOverEvents(options: HandOverEventsOptions): { stop(): Promise<void> } {
  const { persistence, mailer, logger, everyMs = EVERY_MS } = options
  const stopped = new AbortController()

  /** true: there may be more. */
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

  const running = (async () => {
    let pauseMs = everyMs
    while (!stopped.signal.aborted) {
      await wait(pauseMs, undefined, { signal: stopped.signal, ref: false }).catch(() => {})
      if (stopped.signal.aborted) return
      try {
        const more = await moveEvents()
        if (!more) await moveFailures()
        pauseMs = more ? 0 : everyMs
      } catch (error) {
        logger.debug({ err: error }, 'events for webhooks are handed over another time')
        pauseMs = AFTER_FAULT_MS
      }
    }
  })()

  return {
    async stop() {
      stopped.abort()
      await running
    },
  }
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
