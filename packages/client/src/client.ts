import { apiKeyCalls, type CreateApiKeyInput } from './api-keys.ts'
import { createCall, type RequestOptions } from './call.ts'
import type {
  AddedSuppressions,
  ApiKey,
  CreatedApiKey,
  EmailauthEvent,
  Identity,
  IdentityPage,
  MailPreview,
  Message,
  MessageCount,
  RateLimited,
  Session,
  Statistics,
  Suppression,
  Tenant,
  TestMail,
  Viewer,
} from './generated/objects.ts'
import type {
  CreateTenantInput,
  ExchangeInput,
  MessageState,
  RegisterInput,
  SuppressionInput,
  UpdateTenantInput,
  VerifyInput,
} from './generated/operations.ts'
import type { Hooks } from './hooks.ts'
import { type IdentityPageOptions, identityCalls } from './identities.ts'
import { type FollowOptions, followEvents, type WebSocketClass } from './live-events.ts'
import { mailCalls, type Page, type TenantPageOptions, type TestMailInput } from './mails.ts'
import { type RegisterResult, type ResendResult, registrationCalls } from './registration.ts'
import { RETRY, type RetryOptions } from './retry.ts'
import { type EventPageOptions, type StatisticsOptions, statisticsCalls } from './statistics.ts'
import { tenantCalls } from './tenants.ts'
import { type VerifyResult, verificationCalls } from './verification.ts'
import { VERSION } from './version.ts'
import { type WebhookEndpoints, webhookEndpointCalls } from './webhook-endpoints.ts'

export interface ClientOptions {
  /**
   * The gateway's base URL, for example `https://emailauth.example.com`, or its GraphQL endpoint. `/graphql`
   * is added where it is missing.
   */
  readonly url: string | URL
  /** `ea_…`, as `createApiKey` or `emailauth keys create` gave it. */
  readonly apiKey: string
  /** Another `fetch`, for a proxy or for tests. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Time limit in milliseconds for the whole call with its retries and pauses. Default: 10,000. */
  readonly timeoutMs?: number | undefined
  /** When and how often a call is sent again. */
  readonly retry?: Partial<RetryOptions> | undefined
  /** For tracing and logging. */
  readonly hooks?: Hooks | undefined
  /** Stands in `user-agent` before the client's own name, such as `my-shop/2.1`. */
  readonly userAgent?: string | undefined
  /** For `events` where there is no global one (Node 20): the `WebSocket` of the package `ws`. */
  readonly webSocket?: WebSocketClass | undefined
}

/**
 * Everything an API key can do. Expected outcomes are values, told apart by `__typename`; every method throws
 * {@link EmailauthError} for the rest.
 */
export interface EmailauthClient {
  /**
   * Stores your token under a new number and mails the number. Replies once the mail is accepted for
   * delivery.
   *
   * @example
   * const { ip: clientIp } = request
   * const result = await emailauth.register({ email: 'ada@example.com', token: sessionId, clientIp })
   * if (result.__typename === 'Registered') session.identityId = result.identityId
   * if (result.__typename === 'RateLimited') return reply.retryAfter(result.retryAfterSeconds)
   */
  register(input: RegisterInput, options?: RequestOptions): Promise<RegisterResult>
  /**
   * Trades a number for your token, once: of any parallel calls exactly one gets the token.
   *
   * @example
   * const { number } = form
   * const { identityId } = session
   * const result = await emailauth.verify({ number, identityId, clientIp: request.ip })
   * if (result.__typename === 'Verified') signIn(result.token, result.email)
   */
  verify(input: VerifyInput, options?: RequestOptions): Promise<VerifyResult>
  /**
   * Trades the result that the hosted page returned with for your token, once, within two minutes.
   *
   * @example
   * const { result } = request.query
   * // From your session, not from the URL: so somebody else's result signs nobody in.
   * const { identityId } = session
   * const exchanged = await emailauth.exchange({ identityId, result })
   * if (exchanged.__typename === 'Verified') signIn(exchanged.token, exchanged.email)
   */
  exchange(input: ExchangeInput, options?: RequestOptions): Promise<VerifyResult>
  /** Mails the same number again; its expiry stays. */
  resend(identityId: string, options?: RequestOptions): Promise<ResendResult>
  /** Kills an identity's number. false when there was none alive. */
  revoke(identityId: string, options?: RequestOptions): Promise<boolean>
  /** One page of the live identities, newest first. */
  identities(page?: IdentityPageOptions, options?: RequestOptions): Promise<IdentityPage>
  /**
   * All pages from `after` on, each fetched when it is needed.
   *
   * @example
   * for await (const page of emailauth.identityPages({ first: 200 })) {
   *   for (const { email } of page.nodes) count(email)
   * }
   */
  identityPages(
    page?: IdentityPageOptions,
    options?: RequestOptions,
  ): AsyncGenerator<IdentityPage, void, undefined>
  /** null when it is verified, replaced, revoked, expired, or never existed. */
  identity(id: string, options?: RequestOptions): Promise<Identity | null>
  /** The API key's owner and rights. The cheapest way to test a key. */
  viewer(options?: RequestOptions): Promise<Viewer>
  /** Admin keys only. */
  tenants(options?: RequestOptions): Promise<readonly Tenant[]>
  /** Admin keys only. */
  createTenant(input: CreateTenantInput, options?: RequestOptions): Promise<Tenant>
  /** Admin keys only; null when there is none of this id. */
  updateTenant(input: UpdateTenantInput, options?: RequestOptions): Promise<Tenant | null>
  /**
   * Admin keys only. Its keys are refused within seconds; its data stays. null when no tenant has this id.
   */
  disableTenant(id: string, options?: RequestOptions): Promise<Tenant | null>
  /** Admin keys only; null when there is none of this id. */
  enableTenant(id: string, options?: RequestOptions): Promise<Tenant | null>
  /**
   * Admin keys only. Takes effect at once; its data is deleted within minutes. false when no tenant has this
   * id.
   */
  deleteTenant(id: string, options?: RequestOptions): Promise<boolean>
  /** Admin keys only: those of a tenant, newest first; without `tenantId` the admin keys. */
  apiKeys(tenantId?: string, options?: RequestOptions): Promise<readonly ApiKey[]>
  /** Admin keys only. The answer is the only place where the whole key can be read. */
  createApiKey(input: CreateApiKeyInput, options?: RequestOptions): Promise<CreatedApiKey>
  /**
   * Admin keys only. Creates a new key like this one. The old key keeps working for `overlapSeconds`
   * (default: a day), so that programs can switch. null when no working key has this id.
   */
  rotateApiKey(id: string, overlapSeconds?: number, options?: RequestOptions): Promise<CreatedApiKey | null>
  /** Admin keys only. The key stops working everywhere within 5 seconds. false when it did not exist. */
  revokeApiKey(id: string, options?: RequestOptions): Promise<boolean>
  /**
   * Admin keys only: a tenant's mails in a state, while their numbers live. A page may be short although
   * more follow.
   */
  messages(state: MessageState, page: TenantPageOptions, options?: RequestOptions): Promise<Page<Message>>
  /** Admin keys only: how many of a tenant's mails reached each state within a day. */
  messageCounts(tenantId: string, options?: RequestOptions): Promise<readonly MessageCount[]>
  /**
   * Admin keys only: addresses that a tenant's mails are not sent to: one came back, or an admin added it.
   */
  suppressions(page: TenantPageOptions, options?: RequestOptions): Promise<Page<Suppression>>
  /**
   * Admin keys only: no mails are sent to these addresses, at most 500 in a call. What is on the list already
   * stays as it is. `refused` names those that are no address, by their place in `addresses`.
   */
  addSuppressions(
    tenantId: string,
    addresses: readonly SuppressionInput[],
    options?: RequestOptions,
  ): Promise<AddedSuppressions>
  /** Admin keys only: mails are sent to it again. false when it was not on the list. */
  clearSuppression(tenantId: string, email: string, options?: RequestOptions): Promise<boolean>
  /** Admin keys only: a tenant's mail with a sample number; null when there is no such tenant. */
  mailPreview(tenantId: string, locale?: string, options?: RequestOptions): Promise<MailPreview | null>
  /**
   * Admin keys only: sends this mail once; at most 5 in 10 minutes to one address. null when there is no
   * such tenant.
   */
  sendTestMail(input: TestMailInput, options?: RequestOptions): Promise<TestMail | RateLimited | null>
  /**
   * Live events over WebSocket. After a lost connection it reconnects and continues after the last event
   * received.
   *
   * @example
   * const after = await lastCursor()
   * for await (const event of emailauth.events({ after })) await handle(event, event.cursor)
   */
  events(follow?: FollowOptions): AsyncGenerator<EmailauthEvent, void, undefined>
  /** One page of the events that are kept, newest first. */
  eventPage(page?: EventPageOptions, options?: RequestOptions): Promise<Page<EmailauthEvent>>
  /** Counts of events by steps of time. */
  statistics(range: StatisticsOptions, options?: RequestOptions): Promise<Statistics>
  /** Endpoints to which a tenant's events are posted. A receiver checks what comes with `verifyWebhook`. */
  readonly webhooks: WebhookEndpoints
  /** Admin keys only: who is signed in to the dashboard. */
  sessions(options?: RequestOptions): Promise<readonly Session[]>
  /** Admin keys only: ends a session within 5 seconds. false when it did not exist. */
  revokeSession(id: string, options?: RequestOptions): Promise<boolean>
  /** Runs any GraphQL document and returns its whole `data`. Sent once, without retries. */
  graphql<Data = Record<string, unknown>>(
    document: string,
    variables?: object,
    options?: RequestOptions,
  ): Promise<Data>
}

/**
 * Creates a client for one gateway and one API key. It keeps no connection and needs no closing.
 *
 * `register` and `verify` carry an idempotency key: after a lost reply or a short outage they are sent again,
 * and still take effect once.
 *
 * @example
 * const apiKey = process.env.EMAILAUTH_API_KEY ?? ''
 * const emailauth = createClient({ url: 'http://127.0.0.1:4000', apiKey })
 * @throws {TypeError} when the URL is not http(s), or the API key is not a valid header value.
 */
export function createClient(options: ClientOptions): EmailauthClient {
  const endpoint = endpointOf(options.url)
  const apiKey = fitForHeader(options.apiKey)
  const call = createCall({
    endpoint,
    apiKey,
    fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
    userAgent: userAgentOf(options.userAgent),
    timeoutMs: options.timeoutMs ?? 10_000,
    retry: { ...RETRY, ...options.retry },
    hooks: options.hooks ?? {},
  })
  const history = statisticsCalls(call)
  return {
    ...registrationCalls(call),
    ...verificationCalls(call),
    ...identityCalls(call),
    ...tenantCalls(call),
    ...apiKeyCalls(call),
    ...mailCalls(call),
    webhooks: webhookEndpointCalls(call),
    ...history,
    graphql: (document, variables = {}, options) => call.raw(document, variables, options),
    events: (follow) =>
      followEvents(
        {
          endpoint,
          apiKey,
          webSocket: options.webSocket,
          async newestCursor({ tenantId }) {
            const { nodes } = await history.eventPage({ first: 1, tenantId })
            return nodes[0]?.cursor
          },
        },
        follow,
      ),
  }
}

function endpointOf(url: string | URL): URL {
  const base = URL.canParse(String(url)) ? new URL(url) : undefined
  if (base === undefined || !['http:', 'https:'].includes(base.protocol)) {
    throw new TypeError(
      'The URL of emailauth begins with http:// or https://, for example http://127.0.0.1:4000.',
    )
  }
  base.pathname = `${base.pathname.replace(/(\/graphql)?\/*$/, '')}/graphql`
  base.search = ''
  base.hash = ''
  return base
}

/** Browsers send their own, and another one would cause a preflight request. */
function userAgentOf(own: string | undefined): string | undefined {
  if ('document' in globalThis) return undefined
  const name = `emailauth-client/${VERSION}`
  return own === undefined ? name : `${own} ${name}`
}

function fitForHeader(apiKey: string): string {
  if (typeof apiKey === 'string' && /^[\x21-\x7e]+$/.test(apiKey)) return apiKey
  throw new TypeError('The API key is empty or has a character that no key has.')
}

export type { CreateApiKeyInput } from './api-keys.ts'
export type { RequestOptions } from './call.ts'
export {
  AuthenticationError,
  EmailauthError,
  type EmailauthErrorCode,
  type EmailauthErrorDetails,
  ForbiddenError,
  InputError,
  ServerError,
  UnavailableError,
  UnreachableError,
} from './error.ts'
export type * from './generated/objects.ts'
export type {
  ActorKind,
  ApiKeyScope,
  Counter,
  CreateTenantInput,
  CreateWebhookEndpointInput,
  DeliveryState,
  EventType,
  ExchangeInput,
  IdentityFilter,
  LimitKind,
  MessageState,
  RegisterInput,
  ReplayWebhookEventsInput,
  RiskPer,
  StatisticsStep,
  SuppressionInput,
  TenantMailInput,
  TenantSettingsInput,
  TenantStatus,
  TestMailOutcome,
  UpdateTenantInput,
  UpdateWebhookEndpointInput,
  VerificationMode,
  VerifyInput,
  WebhookDisabledReason,
  WebhookOutcome,
} from './generated/operations.ts'
export type { Hooks, RequestInfo } from './hooks.ts'
export type { IdentityPageOptions } from './identities.ts'
export type { FollowOptions, WebSocketClass } from './live-events.ts'
export type { Page, TenantPageOptions, TestMailInput } from './mails.ts'
export type { RegisterResult, ResendResult } from './registration.ts'
export { requestIdOf } from './reply-info.ts'
export type { RetryOptions } from './retry.ts'
export type { EventPageOptions, StatisticsOptions } from './statistics.ts'
export type { VerifyResult } from './verification.ts'
export { type VerifiedWebhook, type VerifyWebhookOptions, verifyWebhook, WebhookError } from './webhook.ts'
export type { AttemptPageOptions, WebhookEndpoints } from './webhook-endpoints.ts'
