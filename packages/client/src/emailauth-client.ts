import type { CreateApiKeyInput, RevokeApiKeyOptions, SessionPageOptions } from './api-keys.ts'
import type { RequestOptions } from './call.ts'
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
import type { IdentityPageOptions } from './identities.ts'
import type { FollowOptions } from './live-events.ts'
import type { MessagePageOptions, Page, TenantPageOptions, TestMailInput } from './mails.ts'
import type { RegisterResult, ResendResult } from './registration.ts'
import type { EventPageOptions, StatisticsOptions } from './statistics.ts'
import type { VerifyResult } from './verification.ts'
import type { WebhookEndpoints } from './webhook-endpoints.ts'

/**
 * Everything an API key can do. Expected outcomes are values, distinguished by `__typename`; every method
 * throws `EmailauthError` for the rest.
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
  /** null when there is none of this id. A tenant's key sees its own tenant only. */
  tenant(id: string, options?: RequestOptions): Promise<Tenant | null>
  /** Admin keys only. */
  createTenant(input: CreateTenantInput, options?: RequestOptions): Promise<Tenant>
  /**
   * Admin keys only; null when there is none of this id. With `ifVersion`, the `settings.version` that you
   * have read, nobody else's change is overwritten: an `InputError` with `currentVersion` instead.
   *
   * @example
   * const { settings } = tenant
   * const change = { id: tenant.id, name: 'Shop', ifVersion: settings.version }
   * await emailauth.updateTenant(change)
   */
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
  /**
   * Admin keys only. The key stops working everywhere within 5 seconds; with `alsoMadeByIt` so do the keys
   * that were made with it. false when it did not exist.
   */
  revokeApiKey(id: string, options?: RevokeApiKeyOptions): Promise<boolean>
  /**
   * Admin keys only: mails in a state, of one tenant or of all, while their numbers live. A page may be short
   * although more follow.
   */
  messages(state: MessageState, page: MessagePageOptions, options?: RequestOptions): Promise<Page<Message>>
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
  /**
   * Admin keys only: who is signed in to the dashboard, at most the newest 200.
   * @deprecated Use `sessionPage`, which reaches all of them.
   */
  sessions(options?: RequestOptions): Promise<readonly Session[]>
  /** Admin keys only: a page of those who are signed in to the dashboard, newest first. */
  sessionPage(page?: SessionPageOptions, options?: RequestOptions): Promise<Page<Session>>
  /** Admin keys only: ends a session within 5 seconds. false when it did not exist. */
  revokeSession(id: string, options?: RequestOptions): Promise<boolean>
  /** Runs any GraphQL document and returns its whole `data`. Sent once, without retries. */
  graphql<Data = Record<string, unknown>>(
    document: string,
    variables?: object,
    options?: RequestOptions,
  ): Promise<Data>
}
