import {
  type EmailauthClient,
  type ExchangeInput,
  ForbiddenError,
  InputError,
  type RegisterInput,
  type VerifyInput,
} from '../client.ts'
import type { ResendResult } from '../registration.ts'
import { createFakeEvents } from './fake-events.ts'
import { createIdempotency } from './fake-idempotency.ts'
import { createFakeStore, type FakeIdentity } from './fake-store.ts'
import { invalid } from './fake-webhook-input.ts'
import type { FakeReceiver } from './fake-webhook-post.ts'
import { createFakeWebhooks } from './fake-webhooks.ts'

export interface FakeOptions {
  /** The tenant that the fake key belongs to; `test` without it. */
  readonly tenantId?: string | undefined
  /** The time, in milliseconds; move it to let numbers expire. `Date.now` without it. */
  readonly now?: (() => number) | undefined
  /** Limits of mails to one address (1 in 30 s, 5 in 10 min), off without it, so that tests need not wait. */
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

/** How long a result of the hosted page can be exchanged. */
const RESULT_MS = 120_000
const WRONG_RESULT = 'This result is not valid.'
const IDENTITY_NOT_FOUND = 'No live identity has this id; register again.'

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
  const tenant = { id: options.tenantId ?? 'test', name: options.tenantId ?? 'test' }
  const store = createFakeStore(now, options.limits ?? false)
  const feed = createFakeEvents(now, tenant.id, (event) => webhooks.post(event))
  const webhooks = createFakeWebhooks({
    now,
    tenantId: tenant.id,
    receive: options.receiveWebhook,
    eventOf: feed.find,
    onDisabled: (target) => feed.add('WEBHOOK_DISABLED', { target }),
  })
  const idempotency = createIdempotency(now)
  let failure: Error | undefined

  /** Every call passes here: asynchronous, and failing when the test says so. */
  async function called<Result>(run: () => Result | Promise<Result>): Promise<Result> {
    const error = failure
    failure = undefined
    if (error !== undefined) throw error
    await Promise.resolve()
    return run()
  }

  const adminOnly = () =>
    called((): never => {
      throw new ForbiddenError('FORBIDDEN', 'This needs an admin key.')
    })

  function shown({ id, email, createdAt, expiresAt }: FakeIdentity) {
    const at = new Date(createdAt).toISOString()
    const delivery = {
      state: 'SENT' as const,
      attempts: 1,
      reason: null,
      relay: null,
      updatedAt: at,
      nextAttemptAt: null,
    }
    return { id, tenant, email, createdAt: at, expiresAt: new Date(expiresAt).toISOString(), delivery }
  }

  function registered(identity: FakeIdentity, replaced: boolean) {
    return {
      __typename: 'Registered',
      identityId: identity.id,
      email: identity.email,
      expiresAt: new Date(identity.expiresAt).toISOString(),
      delivery: 'SENT',
      replaced,
    } as const
  }

  function register(input: RegisterInput) {
    const bytes = new TextEncoder().encode(input.token).length
    if (bytes < 1 || bytes > 4096)
      throw invalid('token', 'must be 1 to 4,096 bytes of well-formed text (UTF-8).')
    const seconds = input.expiresInSeconds ?? 600
    if (!Number.isInteger(seconds) || seconds < 60 || seconds > 86_400) {
      throw invalid('expiresInSeconds', 'must be 60 to 86,400 seconds.')
    }
    const email = store.readAddress(input.email)
    if (email === undefined) throw invalid('email', 'must be an address such as ada@example.com.')
    const refusal = store.admit(email)
    if (refusal !== undefined) return refusal
    const { identity, replaced } = store.add(tenant.id, email, input.token, seconds)
    if (replaced !== undefined) feed.add('REPLACED', { identityId: replaced.id })
    feed.add('REGISTERED', { identityId: identity.id, email })
    feed.add('SENT', { identityId: identity.id })
    return registered(identity, replaced !== undefined)
  }

  function resend(identityId: string): ResendResult {
    const identity = store.find(identityId)
    if (identity === undefined)
      return { __typename: 'IdentityNotFound', code: 'IDENTITY_NOT_FOUND', message: IDENTITY_NOT_FOUND }
    const refusal = store.admit(identity.email)
    if (refusal !== undefined) return refusal
    feed.add('RESENT', { identityId, email: identity.email })
    return registered(identity, false)
  }

  function verify(input: VerifyInput) {
    const email = input.email ? store.readAddress(input.email) : undefined
    const identity = store.take(input.number, (found) => {
      if (input.identityId && found.id !== input.identityId) return false
      return !input.email || (email !== undefined && found.email.toLowerCase() === email.toLowerCase())
    })
    if (identity === undefined) {
      feed.add('MISSED', {})
      const message = 'The number is not valid, or not any more.'
      return { __typename: 'WrongCredentials', code: 'WRONG_CREDENTIALS', message } as const
    }
    feed.add('VERIFIED', { identityId: identity.id })
    const registeredAt = new Date(identity.createdAt).toISOString()
    return {
      __typename: 'Verified',
      identityId: identity.id,
      email: identity.email,
      token: identity.token,
      registeredAt,
    } as const
  }

  const results = new Map<string, { readonly verified: ReturnType<typeof verify>; readonly until: number }>()

  function typeOnPage(identityId: string, number: string): string | undefined {
    const verified = verify({ identityId, number })
    if (verified.__typename !== 'Verified') return undefined
    const result = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .slice(0, 43)
    results.set(`${identityId} ${result}`, { verified, until: now() + RESULT_MS })
    return result
  }

  function exchange({ identityId, result }: ExchangeInput) {
    const name = `${identityId} ${result}`
    const found = results.get(name)
    results.delete(name)
    if (found !== undefined && now() < found.until) return found.verified
    return { __typename: 'WrongCredentials', code: 'WRONG_CREDENTIALS', message: WRONG_RESULT } as const
  }

  const identities: EmailauthClient['identities'] = ({ first = 50, after, filter } = {}) =>
    called(() => {
      const live = store.live()
      const email = filter?.email ? store.readAddress(filter.email) : undefined
      const matching = live.filter((each) => {
        if (filter?.delivery && filter.delivery !== 'SENT') return false
        return !filter?.email || each.email.toLowerCase() === email?.toLowerCase()
      })
      const from = after === undefined ? 0 : matching.findIndex(({ id }) => id === after) + 1
      const nodes = matching.slice(from, from + first).map(shown)
      const pageInfo = { hasNextPage: from + first < matching.length, endCursor: nodes.at(-1)?.id ?? null }
      return { nodes, pageInfo, totalCount: live.length }
    })

  return {
    register: (input) =>
      called(() => idempotency.once('register', input.idempotencyKey, () => register(input))),
    verify: (input) => called(() => idempotency.once('verify', input.idempotencyKey, () => verify(input))),
    exchange: (input) =>
      called(() => idempotency.once('exchange', input.idempotencyKey, () => exchange(input))),
    resend: (identityId) => called(() => resend(identityId)),
    revoke: (identityId) =>
      called(() => {
        const existed = store.remove(identityId)
        if (existed) feed.add('REVOKED', { identityId })
        return existed
      }),
    identity: (id) =>
      called(() => {
        const found = store.find(id)
        return found === undefined ? null : shown(found)
      }),
    identities,
    async *identityPages(page = {}) {
      for (let after = page.after; ; ) {
        const answer = await identities({ ...page, after })
        yield answer
        if (!answer.pageInfo.hasNextPage) return
        after = answer.pageInfo.endCursor ?? undefined
      }
    },
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
      create: (input) => called(() => webhooks.create(input)),
      update: (input) => called(() => webhooks.update(input)),
      delete: (id) => called(() => webhooks.delete(id)),
      rotateSecret: (id, overlapSeconds) => called(() => webhooks.rotateSecret(id, overlapSeconds)),
      attempts: (page) => called(() => webhooks.attempts(page)),
      replay: (input) => called(() => webhooks.replay(input)),
      sendTestEvent: (endpointId) => called(() => webhooks.sendTestEvent(endpointId)),
    },
    tenants: adminOnly,
    createTenant: adminOnly,
    updateTenant: adminOnly,
    disableTenant: adminOnly,
    enableTenant: adminOnly,
    deleteTenant: adminOnly,
    apiKeys: adminOnly,
    createApiKey: adminOnly,
    rotateApiKey: adminOnly,
    revokeApiKey: adminOnly,
    sessions: adminOnly,
    sessionPage: adminOnly,
    revokeSession: adminOnly,
    messages: adminOnly,
    messageCounts: adminOnly,
    suppressions: adminOnly,
    addSuppressions: adminOnly,
    clearSuppression: adminOnly,
    mailPreview: adminOnly,
    sendTestMail: adminOnly,
    numberFor: store.numberFor,
    webhooksDelivered: webhooks.delivered,
    typeOnPage,
    reject: store.reject,
    failNext(error) {
      failure = error
    },
  }
}
