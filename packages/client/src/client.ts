import type { ApiKey, CreateApiKeyInput, CreatedApiKey, Viewer } from './api-keys.ts'
import { apiKeyCalls } from './api-keys.ts'
import { createCall } from './call.ts'
import type { Identity, IdentityPage, IdentityPageOptions } from './identities.ts'
import { identityCalls } from './identities.ts'
import type {
  MailPreview,
  Message,
  MessageCount,
  MessageState,
  Page,
  Suppression,
  TenantPageOptions,
  TestMail,
  TestMailInput,
} from './mails.ts'
import { mailCalls } from './mails.ts'
import type { RateLimited } from './problems.ts'
import type { RegisterInput, RegisterResult } from './registration.ts'
import { registrationCalls } from './registration.ts'
import type { CreateTenantInput, Tenant, UpdateTenantInput } from './tenants.ts'
import { tenantCalls } from './tenants.ts'
import type { VerifyInput, VerifyResult } from './verification.ts'
import { verificationCalls } from './verification.ts'

export interface ClientOptions {
  /** The gateway's base, for example `https://emailauth.example.com`; GraphQL is at `/graphql` below it. */
  readonly url: string | URL
  /** `ea_…`, as `createApiKey` or `emailauth keys create` gave it. */
  readonly apiKey: string
  /** Another `fetch`, for a proxy or for tests. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Longest wait for one answer; 10,000 without it. */
  readonly timeoutMs?: number | undefined
}

/**
 * Everything an API key can do. Expected outcomes are values, told apart by `__typename`; every method throws
 * {@link EmailauthError} for the rest.
 */
export interface EmailauthClient {
  /**
   * Stores your token under a new number and mails the number. The reply comes when the mail is on its way.
   *
   * @example
   * const result = await emailauth.register({ email: 'ada@example.com', token: sessionId, clientIp: request.ip })
   * if (result.__typename === 'Registered') session.identityId = result.identityId
   * if (result.__typename === 'RateLimited') return reply.retryAfter(result.retryAfterSeconds)
   */
  register(input: RegisterInput): Promise<RegisterResult>
  /**
   * Trades a number for your token, once: of any number of parallel calls exactly one gets it.
   *
   * @example
   * const result = await emailauth.verify({ number: form.number, identityId: session.identityId, clientIp: request.ip })
   * if (result.__typename === 'Verified') signIn(result.token, result.email)
   */
  verify(input: VerifyInput): Promise<VerifyResult>
  /** Mails the same number again; its expiry stays. */
  resend(identityId: string): Promise<RegisterResult>
  /** Kills an identity's number. false when there was none alive. */
  revoke(identityId: string): Promise<boolean>
  /** One page of the active identities, newest first. */
  identities(options?: IdentityPageOptions): Promise<IdentityPage>
  /**
   * All pages from `after` on, each asked for when it is needed.
   *
   * @example
   * for await (const page of emailauth.identityPages({ first: 200 })) for (const { email } of page.nodes) count(email)
   */
  identityPages(options?: IdentityPageOptions): AsyncGenerator<IdentityPage, void, undefined>
  /** null when it is verified, replaced, revoked, expired, or never was. */
  identity(id: string): Promise<Identity | null>
  /** Who the API key makes you: the cheapest way to see whether it works. */
  viewer(): Promise<Viewer>
  /** Admin keys only. */
  tenants(): Promise<readonly Tenant[]>
  /** Admin keys only. */
  createTenant(input: CreateTenantInput): Promise<Tenant>
  /** Admin keys only; null when there is none of this id. */
  updateTenant(input: UpdateTenantInput): Promise<Tenant | null>
  /** Admin keys only. Within seconds its keys are refused; its data stays. null when there is none of this id. */
  disableTenant(id: string): Promise<Tenant | null>
  /** Admin keys only; null when there is none of this id. */
  enableTenant(id: string): Promise<Tenant | null>
  /** Admin keys only. It ends at once, and all that it had is gone within seconds or minutes. false when there was none. */
  deleteTenant(id: string): Promise<boolean>
  /** Admin keys only: those of a tenant, newest first; without `tenantId` the admin keys. */
  apiKeys(tenantId?: string): Promise<readonly ApiKey[]>
  /** Admin keys only. The answer is the only place where the whole key can be read. */
  createApiKey(input: CreateApiKeyInput): Promise<CreatedApiKey>
  /**
   * Admin keys only. Makes a key like this one, which itself goes on working for `overlapSeconds` (a day without it), so that programs can change
   * over. null when there is no such key that still works.
   */
  rotateApiKey(id: string, overlapSeconds?: number): Promise<CreatedApiKey | null>
  /** Admin keys only. The key stops working everywhere within 5 seconds; false when there was none. */
  revokeApiKey(id: string): Promise<boolean>
  /** Admin keys only: a tenant's mails in a state, while their numbers live. A page may be short although there are more. */
  messages(state: MessageState, page: TenantPageOptions): Promise<Page<Message>>
  /** Admin keys only: how many of a tenant's mails reached each state within a day. */
  messageCounts(tenantId: string): Promise<readonly MessageCount[]>
  /** Admin keys only: addresses that a tenant's mails are not sent to, because one came back. */
  suppressions(page: TenantPageOptions): Promise<Page<Suppression>>
  /** Admin keys only: mails are sent to it again. false when it was not on the list. */
  clearSuppression(tenantId: string, email: string): Promise<boolean>
  /** Admin keys only: a tenant's mail with a sample number; null when there is no such tenant. */
  mailPreview(tenantId: string, locale?: string): Promise<MailPreview | null>
  /** Admin keys only: sends that mail, once; 5 in 10 minutes to one address. null when there is no such tenant. */
  sendTestMail(input: TestMailInput): Promise<TestMail | RateLimited | null>
}

/**
 * Makes a client for one gateway and one API key. It keeps no connection and needs no closing.
 *
 * `register` and `verify` bear an idempotency key: when a reply is lost, or the service is away for a moment, they are sent a
 * second time and still take effect once.
 *
 * @example
 * const emailauth = createClient({ url: 'http://127.0.0.1:4000', apiKey: process.env.EMAILAUTH_API_KEY ?? '' })
 * @throws {TypeError} when the URL is not http(s), or the API key cannot stand in a header.
 */
export function createClient({ url, apiKey, fetch, timeoutMs = 10_000 }: ClientOptions): EmailauthClient {
  const call = createCall({
    endpoint: endpointOf(url),
    apiKey: fitForHeader(apiKey),
    fetch: fetch ?? globalThis.fetch.bind(globalThis),
    timeoutMs,
  })
  return {
    ...registrationCalls(call),
    ...verificationCalls(call),
    ...identityCalls(call),
    ...tenantCalls(call),
    ...apiKeyCalls(call),
    ...mailCalls(call),
  }
}

function endpointOf(url: string | URL): URL {
  const base = URL.canParse(String(url)) ? new URL(url) : undefined
  if (base === undefined || !['http:', 'https:'].includes(base.protocol)) {
    throw new TypeError(
      'The URL of emailauth begins with http:// or https://, for example http://127.0.0.1:4000.',
    )
  }
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  return new URL('graphql', base)
}

/** `fetch` would refuse such a header too, but with the key in its message. */
function fitForHeader(apiKey: string): string {
  if (typeof apiKey === 'string' && /^[\x21-\x7e]+$/.test(apiKey)) return apiKey
  throw new TypeError('The API key is empty or has a character that no key has.')
}

export type * from './api-keys.ts'
export { EmailauthError, type EmailauthErrorCode } from './error.ts'
export type * from './identities.ts'
export type * from './mails.ts'
export type * from './problems.ts'
export type * from './registration.ts'
export type * from './tenants.ts'
export type * from './verification.ts'
