import type { Actor } from '@emailauth/contracts/events'
import type { Identity, IdentityListQuery, IdentityPage } from '@emailauth/contracts/identities'
import type {
  RefusalRequest,
  Registration,
  RegistrationRequest,
  RegistrationResult,
  ResendRequest,
} from '@emailauth/contracts/registrations'
import type { VerificationRequest, VerificationResult } from '@emailauth/contracts/verifications'
import { existed, found } from '@emailauth/rpc/client/absent'
import { batchCalls } from '@emailauth/rpc/client/batch-calls'
import { createRpcClient } from '@emailauth/rpc/client/client'
import { bodyOf } from '@emailauth/rpc/client/reply'
import { retryUnavailable } from '@emailauth/rpc/client/retry'
import { createStoreClock } from '@emailauth/rpc/client/store-clock'
import type { TlsSource } from '@emailauth/service/tls'
import { type AdminCalls, adminCalls } from './admin-calls.ts'
import { type EventCalls, eventCalls } from './event-calls.ts'

/**
 * The persistence service as the gateway sees it. Expected outcomes are values; a fault is thrown as a `ProblemError`
 * (`unavailable`, `internal`), and so is a problem that only the caller's input can cause (`bad-input`, `conflict`).
 * Requests of `register` and `verify` have passed their contract's shape: one that has not would fail its whole hop.
 */
export interface Persistence extends AdminCalls, EventCalls {
  register(request: RegistrationRequest): Promise<RegistrationResult>
  verify(request: VerificationRequest): Promise<VerificationResult>
  resend(request: ResendRequest): Promise<RegistrationResult>
  /** The mail was refused for good: the identity goes, the address's limit is refunded. */
  refuse(request: RefusalRequest): Promise<void>
  identities(query: IdentityListQuery): Promise<IdentityPage>
  identity(id: string): Promise<Identity | undefined>
  /** false: there was no such identity. `actor`: an admin, for the audit log. */
  revokeIdentity(id: string, actor?: Actor): Promise<boolean>
  ready(): Promise<void>
  close(): Promise<void>
}

// A token of 4,096 control characters is 24 KiB of JSON; so many of them still fit into one body of the service.
const REGISTRATIONS_PER_BATCH = 120
// Few enough that the next stage is at work while the calls of one moment are still being read; fewer cost more than that gains.
const VERIFICATIONS_PER_BATCH = 32

/** Opens no connection yet. */
export function createPersistence(options: {
  url: string
  serviceToken: string
  timeoutMs?: number
  tls?: TlsSource | undefined
}): Persistence {
  const { timeoutMs = 2000 } = options
  const rest = createRpcClient({
    name: 'persistence',
    ...options,
    timeoutMs,
    onReply: (headers) => storeClock.learn(headers),
  })
  const storeClock = createStoreClock(() => rest.call({ method: 'GET', path: '/v1/store-time' }))
  /** Nobody waits longer for a call that may be made twice. */
  const withinMs = 2 * timeoutMs

  /** One retry, under the same request ids, so that persistence gives the first answer again; the same moment ends both attempts. */
  function hop<Request extends { requestId: string }, Result extends object>(
    path: string,
    most: number,
    turns?: 2,
  ) {
    return batchCalls<Request, Result>(
      async (calls, links) => {
        const headers = await storeClock.deadline(withinMs)
        return retryUnavailable(calls, async (requests) => {
          const requestId = requests[0]?.requestId ?? ''
          const body = { requests }
          const call = {
            method: 'POST',
            path,
            body,
            requestId,
            links,
            headers,
            repeats: true,
            isBatch: true,
          } as const
          return bodyOf(await rest.call<{ results: Result[] }>(call)).results
        })
      },
      most,
      turns,
    )
  }

  const get = <Body>(path: string) => rest.call<Body>({ method: 'GET', path })
  const post = async <Body>(path: string, body: unknown, requestId?: string) => {
    const headers = await storeClock.deadline(withinMs)
    const named = requestId === undefined ? {} : { requestId }
    return rest.call<Body>({ method: 'POST', path, body, headers, repeats: true, ...named })
  }
  const at = (id: string) => `/v1/identities/${encodeURIComponent(id)}`

  return {
    register: hop<RegistrationRequest, RegistrationResult>(
      '/v1/registrations/batch',
      REGISTRATIONS_PER_BATCH,
      2,
    ),
    verify: hop<VerificationRequest, VerificationResult>('/v1/verifications/batch', VERIFICATIONS_PER_BATCH),
    async resend(request) {
      const reply = await post<Registration>('/v1/resends', request, request.requestId)
      return 'body' in reply ? { registration: reply.body } : reply
    },
    async refuse(request) {
      existed(await post('/v1/refusals', request))
    },
    async identities({ first, tenantId, email, after }) {
      const query = new URLSearchParams({ first: String(first) })
      for (const [name, value] of Object.entries({ tenantId, email, after })) {
        if (value !== undefined) query.set(name, value)
      }
      return bodyOf(await get<IdentityPage>(`/v1/identities?${query}`))
    },
    identity: async (id) => found(await get<Identity>(at(id))),
    async revokeIdentity(id, actor) {
      // Made twice, it would answer that there is nothing to revoke.
      const headers = await storeClock.deadline(timeoutMs)
      return existed(await rest.call({ method: 'DELETE', path: at(id), actor, headers }))
    },
    ...adminCalls(rest),
    ...eventCalls(rest),
    ready: rest.ready,
    close: rest.close,
  }
}
