import type { Outbox } from '@emailauth/contracts/webhooks'
import type { ScheduledTask } from '@emailauth/service/tasks/scheduler'
import type { Registry } from 'prom-client'
import { LONG_POLL_SECONDS } from '../services/long-poll.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import { AFTER_FAULT_MS, EVERY_MS, FAULTS_LOGGED } from '../services/moving-rounds.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import { createHandOverCounter } from './hand-over-metrics.ts'

export interface HandOverEventsOptions {
  readonly persistence: Pick<Persistence, 'leaseOutbox' | 'acknowledgeOutbox' | 'giveUpWebhook'>
  readonly mailer: Pick<Mailer, 'handOverWebhooks' | 'webhookFailures' | 'acknowledgeWebhookFailures'>
  readonly registry: Registry
}

const EVENTS = {
  trouble:
    'events for webhooks are not handed over to the mailer, and wait in persistence for a day: look at /readyz of both',
  over: 'events for webhooks are handed over to the mailer again',
}
const FAILURES = {
  trouble:
    'webhook endpoints that no longer answer are not disabled, because the mailer cannot report them: look at /readyz of the mailer and of persistence',
  over: 'webhook endpoints that no longer answer are disabled again',
}
const PACE = { everyMs: EVERY_MS, afterFaultMs: AFTER_FAULT_MS, faultsLogged: FAULTS_LOGGED }

/**
 * Moves events for webhooks from persistence to the mailer, and which endpoints are to be disabled back,
 * because only the gateway speaks with both. Persistence leases a tenant's events to one gateway at a time.
 * If that gateway dies, another takes over, and the mailer ignores an event that it has. These are two tasks,
 * because a tenant that always has events must not keep others' endpoints enabled.
 */
export function handOverEvents(options: HandOverEventsOptions): readonly ScheduledTask[] {
  const { persistence, mailer, registry } = options
  const count = createHandOverCounter(registry)

  const moveEvents: ScheduledTask['run'] = async ({ signal, leased }) => {
    try {
      const outbox = await persistence.leaseOutbox({ waitSeconds: LONG_POLL_SECONDS, signal })
      const { entries, deleted } = outbox
      if (entries.length === 0 && deleted.length === 0) return false
      leased()
      await mailer.handOverWebhooks({ entries, deleted })
      await persistence.acknowledgeOutbox(acknowledgementOf(outbox))
      count('done')
      return deleted.length > 0 || entries.some(({ events }) => events.length > 0)
    } catch (error) {
      if (!signal.aborted) count('failed')
      throw error
    }
  }

  const moveFailures: ScheduledTask['run'] = async ({ signal }) => {
    const failures = await mailer.webhookFailures({ waitSeconds: LONG_POLL_SECONDS, signal })
    if (failures.length === 0) return
    await Promise.all(failures.map(persistence.giveUpWebhook))
    await mailer.acknowledgeWebhookFailures(failures)
  }

  return [
    { ...PACE, name: 'hand-over-events', run: moveEvents, logLines: EVENTS },
    { ...PACE, name: 'disable-webhooks', run: moveFailures, logLines: FAILURES },
  ]
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
