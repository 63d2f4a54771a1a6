import { apiKeyCalls } from './api-keys.ts'
import { createCall } from './call.ts'
import type { EmailauthClient } from './emailauth-client.ts'
import type { Hooks } from './hooks.ts'
import { identityCalls } from './identities.ts'
import { followEvents, type WebSocketClass } from './live-events.ts'
import { mailCalls } from './mails.ts'
import { registrationCalls } from './registration.ts'
import { RETRY, type RetryOptions } from './retry.ts'
import { statisticsCalls } from './statistics.ts'
import { tenantCalls } from './tenants.ts'
import { verificationCalls } from './verification.ts'
import { VERSION } from './version.ts'
import { webhookEndpointCalls } from './webhook-endpoints.ts'

export interface ClientOptions {
  /**
   * The gateway's base URL, for example `https://emailauth.example.com`, or its GraphQL endpoint. `/graphql`
   * is added where it is missing. A query is sent with every call, since a proxy may need it.
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

export type { CreateApiKeyInput, RevokeApiKeyOptions, SessionPageOptions } from './api-keys.ts'
export type { RequestOptions } from './call.ts'
export type { EmailauthClient } from './emailauth-client.ts'
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
  DeliveryReason,
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
  TenantSetting,
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
export type { MessagePageOptions, Page, TenantPageOptions, TestMailInput } from './mails.ts'
export type { RegisterResult, ResendResult } from './registration.ts'
export { requestIdOf } from './reply-info.ts'
export type { RetryOptions } from './retry.ts'
export type { EventPageOptions, StatisticsOptions } from './statistics.ts'
export type { VerifyResult } from './verification.ts'
export {
  type VerifiedWebhook,
  type VerifyWebhookOptions,
  verifyWebhook,
  WebhookError,
  type WebhookPayload,
} from './webhook.ts'
export type { AttemptPageOptions, WebhookEndpoints } from './webhook-endpoints.ts'
