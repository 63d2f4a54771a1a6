import type { EmailauthEvent } from '../client.ts'
import type { WebhookAttempt } from '../generated/objects.ts'
import type { ReplayWebhookEventsInput } from '../generated/operations.ts'
import type { Page } from '../mails.ts'
import type { AttemptPageOptions } from '../webhook-endpoints.ts'
import { createFakeDeliveries } from './fake-deliveries.ts'
import { createFakeEndpoints, type FakeEndpointOptions } from './fake-endpoints.ts'
import { NO_DETAIL } from './fake-events.ts'
import { readPage, readReplay } from './fake-webhook-input.ts'
import type { FakeReceiver } from './fake-webhook-post.ts'

export interface FakeWebhookOptions extends FakeEndpointOptions {
  readonly receive: FakeReceiver | undefined
  /** The event of an id. */
  readonly eventOf: (id: string) => EmailauthEvent | undefined
  /** An endpoint was disabled because it answered 410. */
  readonly onDisabled: (endpointId: string) => void
}

/** Webhook endpoints in memory. Their events go to the receiver of the test. */
export function createFakeWebhooks({ now, tenantId, receive, eventOf, onDisabled }: FakeWebhookOptions) {
  const { find, all, ...changes } = createFakeEndpoints({ now, tenantId })
  const deliveries = createFakeDeliveries({
    now,
    receive,
    isDeleted: (endpoint) => find(endpoint.shown.id) === undefined,
    onDisabled,
  })
  let tests = 0

  return {
    ...changes,

    /** Posts an event to the endpoints that want it. */
    post(event: EmailauthEvent) {
      for (const stored of all()) {
        const { disabledAt, eventTypes } = stored.shown
        if (disabledAt === null && (eventTypes?.includes(event.type) ?? true))
          deliveries.enqueue(stored, event)
      }
    },

    async delivered(): Promise<void> {
      const pending = () => all().filter(({ waiting }) => waiting > 0)
      while (pending().length > 0) await Promise.all(pending().map(({ posting }) => posting))
    },

    attempts({ endpointId, first = 50, after }: AttemptPageOptions): Page<WebhookAttempt> {
      readPage(first, after)
      const before = after === undefined ? Number.POSITIVE_INFINITY : Number(after.split('-')[1])
      const newestFirst = (find(endpointId)?.attempts ?? []).filter(({ nth }) => nth < before).reverse()
      const page = newestFirst.slice(0, first)
      const last = page.at(-1)
      const endCursor = last === undefined ? null : `${Date.parse(last.attempt.at)}-${last.nth}`
      return {
        nodes: page.map(({ attempt }) => attempt),
        pageInfo: { hasNextPage: newestFirst.length > first, endCursor },
      }
    },

    replay(input: ReplayWebhookEventsInput): readonly string[] | null {
      const which = readReplay(input)
      const stored = find(input.endpointId)
      if (stored === undefined) return null
      const events =
        typeof which === 'number'
          ? [...stored.lost.values()].filter(({ at }) => at >= which).map(({ event }) => event)
          : which.flatMap((id) => stored.lost.get(id)?.event ?? eventOf(id) ?? [])
      for (const event of events) {
        stored.lost.delete(event.cursor)
        deliveries.enqueue(stored, event)
      }
      return events.map(({ cursor }) => cursor)
    },

    async sendTestEvent(endpointId: string): Promise<WebhookAttempt | null> {
      const stored = find(endpointId)
      if (stored === undefined) return null
      return deliveries.attempt(stored, {
        ...NO_DETAIL,
        cursor: `test-${++tests}`,
        type: 'WEBHOOK_TESTED',
        at: new Date(now()).toISOString(),
        tenantId,
        target: endpointId,
      })
    },
  }
}
