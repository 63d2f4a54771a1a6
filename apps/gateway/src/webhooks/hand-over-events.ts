import type { Outbox } from '@emailauth/contracts/webhooks'
import type { Registry } from 'prom-client'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import { type RoundsOptions, repeatRounds } from '../services/repeat-rounds.ts'
import { createHandOverCounter } from './hand-over-metrics.ts'

export interface HandOverEventsOptions extends Pick<RoundsOptions, 'logger' | 'everyMs' | 'afterFaultMs'> {
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

/**
 * Moves events for webhooks from persistence to the mailer, and which endpoints are to be disabled back,
 * because only the gateway speaks with both. Starts at once. Persistence leases a tenant's events to one
 * gateway at a time. If that gateway dies, another takes over, and the mailer ignores an event that it has.
 */
export function handOverEvents(options: HandOverEventsOptions): { stop(): Promise<void> } {
  const { persistence, mailer, registry, ...pace } = options
  const count = createHandOverCounter(registry)

  const moveEvents = async (leased: () => void): Promise<boolean> => {
    const outbox = await persistence.leaseOutbox()
    const { entries, deleted } = outbox
    if (entries.length === 0 && deleted.length === 0) return false
    leased()
    await mailer.handOverWebhooks({ entries, deleted })
    await persistence.acknowledgeOutbox(acknowledgementOf(outbox))
    count('done')
    return entries.some(({ events }) => events.length > 0)
  }

  const moveFailures = async (): Promise<boolean> => {
    const failures = await mailer.webhookFailures()
    if (failures.length === 0) return false
    await Promise.all(failures.map(persistence.giveUpWebhook))
    await mailer.acknowledgeWebhookFailures(failures)
    return false
  }

  // Two rounds, because a tenant that always has events must not keep others' endpoints enabled.
  const rounds = [
    repeatRounds({ ...pace, round: moveEvents, onFault: () => count('failed'), words: EVENTS }),
    repeatRounds({ ...pace, round: moveFailures, words: FAILURES }),
  ]
  return {
    async stop() {
      await Promise.all(rounds.map((round) => round.stop()))
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
