import type { EmailauthEvent, WebhookAttempt } from '../client.ts'
import type { WebhookEndpoint } from '../generated/objects.ts'
import { type FakeReceiver, type PostedEvent, postToReceiver } from './fake-webhook-post.ts'

/** An endpoint in memory, with what waits for it and what came of the rest. */
export interface FakeEndpoint {
  shown: Omit<WebhookEndpoint, 'state' | 'previousSecretUntil'>
  /** Newest first; `until`: when it stops to sign. */
  secrets: { readonly secret: string; readonly until: number | undefined }[]
  /** Oldest first. */
  readonly attempts: { readonly nth: number; readonly attempt: WebhookAttempt }[]
  /** Events that were given up, and when. */
  readonly lost: Map<string, { readonly event: EmailauthEvent; readonly at: number }>
  /** Ends when everything so far was posted. */
  posting: Promise<void>
  waiting: number
  attempted: number
  failingSince: number | undefined
  lastSuccessAt: number | undefined
}

export interface FakeDeliveryOptions {
  readonly now: () => number
  readonly receive: FakeReceiver | undefined
  readonly isDeleted: (endpoint: FakeEndpoint) => boolean
  /** An endpoint was disabled because it answered 410. */
  readonly onDisabled: (endpointId: string) => void
}

const ATTEMPTS_MAX = 1000

/** The secrets that sign now, newest first. `now` is in Unix milliseconds. */
export const signingSecrets = ({ secrets }: FakeEndpoint, now: number) =>
  secrets.filter(({ until }) => until === undefined || until > now)

/** Posts events to endpoints: to each in their order, once. What is not answered 2xx is given up at once. */
export function createFakeDeliveries({ now, receive, isDeleted, onDisabled }: FakeDeliveryOptions) {
  async function attempt(endpoint: FakeEndpoint, event: PostedEvent): Promise<WebhookAttempt> {
    const startedAt = now()
    const secrets = signingSecrets(endpoint, startedAt).map(({ secret }) => secret)
    const { status, error } = await postToReceiver(
      { receive, url: endpoint.shown.url, secrets },
      event,
      startedAt,
    )
    const done: WebhookAttempt = {
      eventId: event.cursor,
      type: event.type,
      at: new Date(startedAt).toISOString(),
      attempt: 1,
      outcome: error === null ? 'DELIVERED' : 'FAILED',
      status,
      durationMs: Math.max(now() - startedAt, 0),
      error,
      nextAttemptAt: null,
    }
    endpoint.attempts.push({ nth: ++endpoint.attempted, attempt: done })
    if (endpoint.attempts.length > ATTEMPTS_MAX) endpoint.attempts.shift()
    return done
  }

  async function deliver(endpoint: FakeEndpoint, event: EmailauthEvent): Promise<void> {
    if (isDeleted(endpoint)) return
    const isEnabled = endpoint.shown.disabledAt === null
    const done = isEnabled ? await attempt(endpoint, event) : undefined
    endpoint.waiting -= 1
    if (done?.outcome === 'DELIVERED') {
      endpoint.failingSince = undefined
      endpoint.lastSuccessAt = now()
      return
    }
    endpoint.lost.set(event.cursor, { event, at: now() })
    if (done !== undefined) endpoint.failingSince ??= now()
    if (done?.status !== 410 || endpoint.shown.disabledAt !== null) return
    endpoint.shown = {
      ...endpoint.shown,
      version: endpoint.shown.version + 1,
      disabledAt: new Date(now()).toISOString(),
      disabledReason: 'GONE',
    }
    onDisabled(endpoint.shown.id)
  }

  return {
    attempt,
    enqueue(endpoint: FakeEndpoint, event: EmailauthEvent): void {
      endpoint.waiting += 1
      endpoint.posting = endpoint.posting.then(() => deliver(endpoint, event))
    },
  }
}
