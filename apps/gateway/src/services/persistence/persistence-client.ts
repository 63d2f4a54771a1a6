import type { CallingActor } from '@emailauth/contracts/events'
import type { ExchangeRequest, HostedVerificationRequest } from '@emailauth/contracts/hosted-page'
import {
  type Identity,
  type IdentityListQuery,
  type IdentityPage,
  identityPage,
  identity as identityShape,
} from '@emailauth/contracts/identities'
import type { Problem } from '@emailauth/contracts/problems'
import {
  type MailRefundRequest,
  type RefusalRequest,
  type RegistrationRequest,
  type RegistrationResult,
  type ResendRequest,
  registration,
  registrationResult,
} from '@emailauth/contracts/registrations'
import {
  type VerificationRequest,
  type VerificationResult,
  verification,
  verificationResult,
} from '@emailauth/contracts/verifications'
import { existed, orUndefined } from '@emailauth/rpc/client/absent'
import { createRpcClient } from '@emailauth/rpc/client/client'
import { createHttpTransport } from '@emailauth/rpc/client/http/transport'
import { bodyOf } from '@emailauth/rpc/client/reply'
import { createStoreClock } from '@emailauth/rpc/client/store-clock'
import type { OpenTransport } from '@emailauth/rpc/client/transport'
import type { TlsSource } from '@emailauth/service/network/tls'
import { z } from 'zod'
import { type AdminCalls, adminCalls } from './admin-calls.ts'
import { type EventCalls, eventCalls } from './event-calls.ts'
import { createOneStore } from './one-store.ts'
import { type SignInCalls, signInCalls } from './sign-in-calls.ts'
import { type WebhookCalls, webhookCalls } from './webhook-calls.ts'

/**
 * The gateway's client of persistence. Expected outcomes are values. Faults are thrown as a `ProblemError`
 * (`unavailable`, `internal`), and so are problems that only the caller's input causes (`bad-input`,
 * `conflict`). Check requests of `register` and `verify` against their shape first: an invalid one fails its
 * whole batch.
 */
export interface Persistence extends AdminCalls, EventCalls, SignInCalls, WebhookCalls {
  register(request: RegistrationRequest): Promise<RegistrationResult>
  verify(request: VerificationRequest): Promise<VerificationResult>
  resend(request: ResendRequest): Promise<RegistrationResult>
  /** Verifies a number typed into the hosted page. The token waits under the request's `result`. */
  verifyOnPage(request: HostedVerificationRequest): Promise<{ verified: true } | { problem: Problem }>
  exchange(request: ExchangeRequest): Promise<VerificationResult>
  /** The mail was refused for good: the identity goes, the address's limit is refunded. */
  refuse(request: RefusalRequest): Promise<void>
  /** The mailer was certainly not asked for this mail: the address's limit is refunded. */
  refundMail(request: MailRefundRequest): Promise<void>
  identities(query: IdentityListQuery): Promise<IdentityPage>
  identity(id: string): Promise<Identity | undefined>
  /** false: there was no such identity. `actor`: an admin, for the audit log. */
  revokeIdentity(id: string, actor?: CallingActor): Promise<boolean>
  ready(): Promise<void>
  /** @throws {Error} when its processes have different stores, as far as their replies have shown it. */
  oneStore(): Promise<void>
  close(): Promise<void>
}

export interface PersistenceOptions {
  /** One URL, or several separated by commas. */
  readonly url: string
  readonly serviceToken: string
  readonly timeoutMs?: number | undefined
  readonly tls?: TlsSource | undefined
  /** Cuts off all calls by HTTP (`createHttpTransport`). */
  readonly cutOff?: AbortSignal | undefined
  /** Default: HTTP to `url`. */
  readonly openTransport?: OpenTransport | undefined
}

// The largest token is 24 KiB of JSON (4,096 control characters). This many still fit into one request body.
const REGISTRATIONS_PER_BATCH = 120
// A small batch lets persistence start while the gateway still reads requests. Smaller ones cost more than
// they gain.
const VERIFICATIONS_PER_BATCH = 32

/** As many as there are reads at a time. */
const MAX_READ_CONNECTIONS = 8
/** One for each tenant that is followed (event-feed.ts). */
const MAX_LIVE_CONNECTIONS = 500
/** A read waits for its turn at persistence too. */
const READ_TIMEOUT_MS = 4000

/** Opens no connection yet. */
export function createPersistence(options: PersistenceOptions): Persistence {
  const {
    timeoutMs = 2000,
    openTransport = (maxPooled) => createHttpTransport({ name: 'persistence', ...options, maxPooled }),
  } = options
  const oneStore = createOneStore()
  const rpc = createRpcClient({
    name: 'persistence',
    transport: openTransport(),
    timeoutMs,
    onReply(headers) {
      storeClock.learn(headers)
      oneStore.learn(headers)
    },
  })
  // A pool of its own, so that no register or verify waits for a connection that a long read or a stream
  // holds.
  const other = (maxPooled: number) =>
    createRpcClient({
      name: 'persistence',
      transport: openTransport(maxPooled),
      timeoutMs: READ_TIMEOUT_MS,
      onReply: oneStore.learn,
    })
  const reads = other(MAX_READ_CONNECTIONS)
  const live = other(MAX_LIVE_CONNECTIONS)
  const storeClock = createStoreClock(() =>
    rpc.call({ method: 'GET', path: '/v1/store-time', reply: z.undefined() }),
  )
  /** Bound of both attempts together, for calls that may be repeated. */
  const withinMs = 2 * timeoutMs
  const policies = { retry: { unavailable: true, withinMs }, deadline: storeClock.deadline }

  const register = rpc.batch<RegistrationRequest, RegistrationResult>({
    path: '/v1/registrations/batch',
    result: registrationResult,
    batch: { max: REGISTRATIONS_PER_BATCH, until: 'two-turns' },
    ...policies,
  })
  const verify = rpc.batch<VerificationRequest, VerificationResult>({
    path: '/v1/verifications/batch',
    result: verificationResult,
    batch: { max: VERIFICATIONS_PER_BATCH, until: 'two-turns' },
    ...policies,
  })

  const get = <Body>(path: string, reply: z.ZodType<Body>) => rpc.call({ method: 'GET', path, reply })
  const post = async <Body>(path: string, body: unknown, reply: z.ZodType<Body>, requestId?: string) => {
    const headers = await storeClock.deadline(withinMs)
    return rpc.call({ method: 'POST', path, body, reply, headers, isIdempotent: true, requestId })
  }
  const at = (id: string) => `/v1/identities/${encodeURIComponent(id)}`

  return {
    register: (request) => register(request, request.requestId),
    verify: (request) => verify(request, request.requestId),
    async resend(request) {
      const reply = await post('/v1/resends', request, registration, request.requestId)
      return 'body' in reply ? { registration: reply.body } : reply
    },
    async verifyOnPage(request) {
      const reply = await post('/v1/hosted-verifications', request, z.undefined(), request.requestId)
      return 'problem' in reply ? reply : { verified: true }
    },
    async exchange(request) {
      const reply = await post('/v1/exchanges', request, verification, request.requestId)
      return 'body' in reply ? { verification: reply.body } : reply
    },
    async refuse(request) {
      existed(await post('/v1/refusals', request, z.undefined()))
    },
    async refundMail(request) {
      // An earlier version of persistence has no such route.
      existed(await post('/v1/mail-refunds', request, z.undefined()))
    },
    async identities({ first, tenantId, email, domain, after, from, to }) {
      const query = new URLSearchParams({ first: String(first) })
      for (const [name, value] of Object.entries({ tenantId, email, domain, after, from, to })) {
        if (value !== undefined) query.set(name, value)
      }
      return bodyOf(await reads.call({ method: 'GET', path: `/v1/identities?${query}`, reply: identityPage }))
    },
    identity: async (id) => orUndefined(await get(at(id), identityShape)),
    async revokeIdentity(id, actor) {
      // Not repeated: the second call would answer that there is nothing to revoke.
      const headers = await storeClock.deadline(timeoutMs)
      return existed(await rpc.call({ method: 'DELETE', path: at(id), reply: z.undefined(), actor, headers }))
    },
    ...adminCalls(rpc, reads),
    ...signInCalls(rpc),
    ...webhookCalls(rpc, reads),
    ...eventCalls({ rpc, reads, live }),
    ready: rpc.ready,
    oneStore: async () => oneStore.check(),
    async close() {
      await Promise.all([rpc.close(), reads.close(), live.close()])
    },
  }
}
