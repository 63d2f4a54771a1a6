import { type EmailauthClient, ForbiddenError, InputError } from '../client.ts'
import { createFakeCalls } from './fake-calls.ts'
import { createFakeEvents } from './fake-events.ts'
import { createIdempotency } from './fake-idempotency.ts'
import { createFakeIdentities } from './fake-identities.ts'
import { given } from './fake-input.ts'
import { createFakeRegistrations } from './fake-registrations.ts'
import { createFakeStore } from './fake-store.ts'
import { createFakeTenant } from './fake-tenant.ts'
import type { FakeReceiver } from './fake-webhook-post.ts'
import { createFakeWebhooks } from './fake-webhooks.ts'

export interface FakeOptions {
  /** The tenant that the fake key belongs to; `test` without it. */
  readonly tenantId?: string | undefined
  /** The time, in milliseconds; move it to let numbers expire. `Date.now` without it. */
  readonly now?: (() => number) | undefined
  /** Limits mails to one address: 1 in 30 s, 5 in 10 min, 20 a day. Off without it, for quick tests. */
  readonly limits?: boolean | undefined
  /**
   * Your receiver of webhooks: it gets the events that the fake's endpoints want, signed with their secrets.
   * Nothing is tried again; what it does not answer with 2xx is given up and can be replayed. Without it
   * every event counts as answered with 204.
   */
  readonly receiveWebhook?: FakeReceiver | undefined
}

export type { FakeReceiver }

/** A client without a server, and the mailbox of everybody. */
export interface FakeEmailauth extends EmailauthClient {
  /** The number in the last mail to an address; undefined when nothing was mailed to it. */
  numberFor(email: string): string | undefined
  /**
   * Types a number into the hosted page. Returns the `result` that the page returns with, or undefined when
   * the number is not valid.
   */
  typeOnPage(identityId: string, number: string): string | undefined
  /** Ends when each event so far was posted to the webhook endpoints that want it. */
  webhooksDelivered(): Promise<void>
  /** From now on the address is refused as one that does not exist; its answer is `EmailRejected`. */
  reject(email: string): void
  /** The next call fails with this error. */
  failNext(error: Error): void
}

/**
 * An in-memory fake of `createClient` for your own tests: same outcomes, no mails. It passes the same
 * contract suite as the real gateway. Calls that need an admin key are refused, as for a tenant's key.
 *
 * @example
 * const emailauth = createFakeEmailauth()
 * await signUp(emailauth, 'ada@example.com')
 * const result = await emailauth.verify({ number: emailauth.numberFor('ada@example.com') ?? '' })
 */
export function createFakeEmailauth(options: FakeOptions = {}): FakeEmailauth {
  const now = options.now ?? Date.now
  const ownTenant = createFakeTenant(options.tenantId ?? 'test', now())
  const tenant = { id: ownTenant.id, name: ownTenant.name }
  const store = createFakeStore(now, options.limits ?? false)
  const feed = createFakeEvents(now, tenant.id, (event) => webhooks.post(event))
  const webhooks = createFakeWebhooks({
    now,
    tenantId: tenant.id,
    receive: options.receiveWebhook,
    eventOf: feed.find,
    onDisabled: (target) => feed.add('WEBHOOK_DISABLED', { target }),
  })
  const registrations = createFakeRegistrations({ now, tenantId: tenant.id, store, feed })
  const idempotency = createIdempotency(now)
  const { called, failNext } = createFakeCalls()
  const identities = createFakeIdentities({ tenant, store, feed, called })

  return {
    register: (input) =>
      called(() => {
        const call = given(input, 'email', 'token')
        return idempotency.once('register', { ...call }, () => registrations.register(call))
      }),
    verify: (input) =>
      called(() => {
        const call = given(input, 'number')
        return idempotency.once('verify', { ...call }, () => registrations.verify(call))
      }),
    exchange: (input) =>
      called(() => {
        const call = given(input, 'identityId', 'result')
        return idempotency.once('exchange', { ...call }, () => registrations.exchange(call))
      }),
    resend: (identityId) => called(() => registrations.resend(identityId)),
    ...identities,
    tenant: (id) => called(() => (id === tenant.id ? ownTenant : null)),
    viewer: () => called(() => ({ apiKeyId: 'fake', scope: 'TENANT', tenant })),
    events: feed.follow,
    eventPage: (page) => called(() => feed.page(page)),
    statistics: () => called(() => ({ waitBoundsSeconds: [], deliveryBoundsSeconds: [], buckets: [] })),
    graphql: () =>
      called((): never => {
        throw new InputError('BAD_USER_INPUT', 'The fake knows no GraphQL.')
      }),
    webhooks: {
      list: (tenantId) => called(() => webhooks.list(tenantId)),
      get: (id) => called(() => webhooks.get(id)),
      create: (input) => called(() => webhooks.create(input)),
      update: (input) => called(() => webhooks.update(input)),
      delete: (id) => called(() => webhooks.delete(id)),
      rotateSecret: (id, overlapSeconds) => called(() => webhooks.rotateSecret(id, overlapSeconds)),
      attempts: (page) => called(() => webhooks.attempts(page)),
      replay: (input) => called(() => webhooks.replay(input)),
      sendTestEvent: (endpointId) => called(() => webhooks.sendTestEvent(endpointId)),
    },
    ...callsOfAdmins(called),
    numberFor: store.numberFor,
    webhooksDelivered: webhooks.delivered,
    typeOnPage: registrations.typeOnPage,
    reject: store.reject,
    failNext,
  }
}

/** The calls that need an admin key, each refused. */
function callsOfAdmins(called: ReturnType<typeof createFakeCalls>['called']) {
  const refuse = () =>
    called((): never => {
      throw new ForbiddenError('FORBIDDEN', 'This needs an admin key.')
    })
  return {
    tenants: refuse,
    createTenant: refuse,
    updateTenant: refuse,
    disableTenant: refuse,
    enableTenant: refuse,
    deleteTenant: refuse,
    apiKeys: refuse,
    createApiKey: refuse,
    rotateApiKey: refuse,
    revokeApiKey: refuse,
    sessions: refuse,
    sessionPage: refuse,
    revokeSession: refuse,
    messages: refuse,
    messageCounts: refuse,
    suppressions: refuse,
    addSuppressions: refuse,
    clearSuppression: refuse,
    mailPreview: refuse,
    sendTestMail: refuse,
  }
}
