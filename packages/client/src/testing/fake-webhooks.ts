import { type EmailauthEvent, InputError } from '../client.ts'
import type { WebhookAttempt, WebhookEndpoint, WebhookSecret } from '../generated/objects.ts'
import type {
  CreateWebhookEndpointInput,
  ReplayWebhookEventsInput,
  UpdateWebhookEndpointInput,
} from '../generated/operations.ts'
import type { Page } from '../mails.ts'
import type { AttemptPageOptions } from '../webhook-endpoints.ts'
import { createFakeDeliveries, type FakeEndpoint } from './fake-deliveries.ts'
import {
  checkTenant,
  readDescription,
  readOverlap,
  readPage,
  readReplay,
  readTypes,
  readUrl,
} from './fake-webhook-input.ts'
import { type FakeReceiver, generateSecret } from './fake-webhook-post.ts'

export interface FakeWebhookOptions {
  readonly now: () => number
  readonly tenantId: string
  readonly receive: FakeReceiver | undefined
  /** The event of an id. */
  readonly eventOf: (id: string) => EmailauthEvent | undefined
  /** An endpoint was disabled because it answered 410. */
  readonly onDisabled: (endpointId: string) => void
}

const ENDPOINTS_MAX = 20
const SECRETS_MAX = 3
const DAY_SECONDS = 86_400

/** Webhook endpoints in memory. Their events go to the receiver of the test. */
export function createFakeWebhooks({ now, tenantId, receive, eventOf, onDisabled }: FakeWebhookOptions) {
  const endpoints = new Map<string, FakeEndpoint>()
  const isDeleted = (stored: FakeEndpoint) => endpoints.get(stored.shown.id) !== stored
  const deliveries = createFakeDeliveries({ now, receive, isDeleted, onDisabled })
  let tests = 0
  const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())

  function show(stored: FakeEndpoint): WebhookEndpoint {
    const { shown, waiting, lost, failingSince, lastSuccessAt } = stored
    const state = {
      waiting,
      failed: lost.size,
      failingSince: iso(failingSince),
      lastSuccessAt: iso(lastSuccessAt),
    }
    return { ...shown, previousSecretUntil: iso(deliveries.signing(stored)[1]?.until), state }
  }

  return {
    /** Posts an event to the endpoints that want it. */
    post(event: EmailauthEvent) {
      for (const stored of endpoints.values()) {
        const { disabledAt, eventTypes } = stored.shown
        if (disabledAt === null && (eventTypes?.includes(event.type) ?? true))
          deliveries.enqueue(stored, event)
      }
    },

    async delivered(): Promise<void> {
      const pending = () => [...endpoints.values()].filter(({ waiting }) => waiting > 0)
      while (pending().length > 0) await Promise.all(pending().map(({ posting }) => posting))
    },

    list(asked?: string): readonly WebhookEndpoint[] {
      checkTenant(tenantId, asked)
      return [...endpoints.values()].map(show)
    },

    create(input: CreateWebhookEndpointInput): WebhookSecret {
      checkTenant(tenantId, input.tenantId)
      const url = readUrl(input.url)
      const description = readDescription(input.description ?? null)
      const eventTypes = readTypes(input.eventTypes ?? null)
      if (endpoints.size >= ENDPOINTS_MAX)
        throw new InputError('BAD_USER_INPUT', `A tenant has at most ${ENDPOINTS_MAX} endpoints.`)
      const id = `${tenantId}.wh_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`
      const secret = generateSecret()
      const at = new Date(now()).toISOString()
      const stored: FakeEndpoint = {
        shown: {
          ...{ id, tenantId, url, description, eventTypes },
          ...{ createdAt: at, updatedAt: at, disabledAt: null, disabledReason: null },
        },
        secrets: [{ secret, until: undefined }],
        ...{ attempts: [], lost: new Map(), posting: Promise.resolve(), waiting: 0, attempted: 0 },
        ...{ failingSince: undefined, lastSuccessAt: undefined },
      }
      endpoints.set(id, stored)
      return { endpoint: show(stored), secret }
    },

    update(input: UpdateWebhookEndpointInput): WebhookEndpoint | null {
      const { id, url, description, eventTypes, enabled } = input
      const changes = {
        ...(url === undefined || url === null ? {} : { url: readUrl(url) }),
        ...(description === undefined ? {} : { description: readDescription(description) }),
        ...(eventTypes === undefined ? {} : { eventTypes: readTypes(eventTypes) }),
      }
      const stored = endpoints.get(id)
      if (stored === undefined) return null
      const isChanged = (enabled ?? undefined) !== undefined && enabled !== (stored.shown.disabledAt === null)
      const turned = enabled
        ? { disabledAt: null, disabledReason: null }
        : { disabledAt: iso(now()), disabledReason: 'MANUAL' as const }
      stored.shown = { ...stored.shown, ...changes, ...(isChanged ? turned : {}) }
      stored.shown = { ...stored.shown, updatedAt: new Date(now()).toISOString() }
      return show(stored)
    },

    delete: (id: string): boolean => endpoints.delete(id),

    rotateSecret(id: string, overlapSeconds = DAY_SECONDS): WebhookSecret | null {
      const until = readOverlap(overlapSeconds, now())
      const stored = endpoints.get(id)
      if (stored === undefined) return null
      const secret = generateSecret()
      // One that was replaced before keeps its own end.
      const older =
        until === undefined
          ? []
          : deliveries.signing(stored).map((one) => ({ ...one, until: one.until ?? until }))
      stored.secrets = [{ secret, until: undefined }, ...older].slice(0, SECRETS_MAX)
      return { endpoint: show(stored), secret }
    },

    attempts({ endpointId, first = 50, after }: AttemptPageOptions): Page<WebhookAttempt> {
      readPage(first, after)
      const before = after === undefined ? Number.POSITIVE_INFINITY : Number(after.split('-')[1])
      const newestFirst = (endpoints.get(endpointId)?.attempts ?? [])
        .filter(({ nth }) => nth < before)
        .reverse()
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
      const stored = endpoints.get(input.endpointId)
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
      const stored = endpoints.get(endpointId)
      if (stored === undefined) return null
      const about = { tenantId, identityId: null, email: null, actor: null, target: endpointId }
      const at = new Date(now()).toISOString()
      return deliveries.attempt(stored, { ...about, at, cursor: `test-${++tests}`, type: 'WEBHOOK_TESTED' })
    },
  }
}
