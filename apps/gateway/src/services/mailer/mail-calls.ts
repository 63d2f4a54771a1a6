import type { TimeRange } from '@emailauth/contracts/common'
import type { DeliveryReason } from '@emailauth/contracts/delivery-reason'
import type { MailHook, MailProvider } from '@emailauth/contracts/mail-hooks'
import {
  type MessageCounts,
  type MessageList,
  type MessageRetryRequest,
  type MessageState,
  messageCounts,
  messageList,
  messageRetryReply,
} from '@emailauth/contracts/messages'
import {
  type Preview,
  type PreviewRequest,
  type PreviewTestReply,
  type PreviewTestRequest,
  preview as previewShape,
  previewTestReply,
} from '@emailauth/contracts/previews'
import type { Problem } from '@emailauth/contracts/problems'
import { type RelayCheck, type RelayCheckRequest, relayCheckReply } from '@emailauth/contracts/relay-checks'
import { type MailerStatus, mailerStatus } from '@emailauth/contracts/service-status'
import {
  type SuppressionAddReply,
  type SuppressionAddRequest,
  type SuppressionList,
  suppressionAddReply,
  suppressionList,
} from '@emailauth/contracts/suppressions'
import { existed } from '@emailauth/rpc/client/absent'
import type { RpcClient } from '@emailauth/rpc/client/client'
import { bodyOf } from '@emailauth/rpc/client/reply'
import { z } from 'zod'
import type { SlowCalls } from './slow-calls.ts'

/** A page of one tenant's, or of all tenants'. */
export interface Page {
  readonly tenantId?: string | undefined
  readonly first: number
  readonly after?: string | undefined
}

/** A page of one tenant's. */
export interface TenantPage extends Page {
  readonly tenantId: string
}

/** What admins see of mails and do about them. */
export interface MailCalls {
  preview(request: PreviewRequest): Promise<Preview>
  /** Sends a mail with a sample number; a problem when too many were sent. */
  sendTestMail(request: PreviewTestRequest): Promise<{ body: PreviewTestReply } | { problem: Problem }>
  /** Connects to the relays of a tenant's mails. */
  checkRelays(request: RelayCheckRequest): Promise<readonly RelayCheck[]>
  /** Of the mailer that answers. */
  status(): Promise<MailerStatus>
  suppressions(page: TenantPage): Promise<SuppressionList>
  /** Puts addresses on a tenant's list. Repeating it changes nothing. */
  addSuppressions(request: SuppressionAddRequest): Promise<SuppressionAddReply>
  /** false: the address was not on the list. */
  clearSuppression(tenantId: string, email: string): Promise<boolean>
  /** Forgets the suppressed addresses of a tenant that has been deleted. */
  forgetTenant(tenantId: string): Promise<void>
  /** Changed not before `from` and before `to`, and for this `reason` only, where these are given. */
  messagesInState(
    state: MessageState,
    page: Page & TimeRange & { readonly reason?: DeliveryReason | undefined },
  ): Promise<MessageList>
  /**
   * Retries deferred messages now and returns their number. Without `identityIds`: all of a tenant, or of
   * all tenants.
   */
  retryMessages(request: MessageRetryRequest): Promise<number>
  /** What still waits for this identity is not sent. */
  dropMessage(identityId: string): Promise<void>
  messageCounts(tenantId: string): Promise<MessageCounts['counts']>
  /** Hands on what a mail provider reports; a problem when it is not theirs. */
  takeMailHook(provider: MailProvider, hook: MailHook): Promise<Problem | undefined>
}

/**
 * A person waits for this call. It is longer than the mailer's SMTP time-out and shorter than the
 * dashboard's.
 */
const TEST_MAIL_TIMEOUT_MS = 9500
/** The system page shows what is there rather than wait for a mailer that hangs. */
const STATUS_MS = 2000

/** @param hooks of their own, because strangers cause these calls too */
export function mailCalls(rpc: RpcClient, slow: SlowCalls, hooks: Pick<RpcClient, 'call'>): MailCalls {
  const get = <Body>(path: string, query: Readonly<Record<string, string>>, reply: z.ZodType<Body>) =>
    rpc.call({ method: 'GET', path: `${path}?${new URLSearchParams(query)}`, reply })
  const queryOf = ({ tenantId, first, after, ...range }: Page & TimeRange) => ({
    ...range,
    ...(tenantId === undefined ? {} : { tenantId }),
    first: String(first),
    ...(after === undefined ? {} : { after }),
  })

  return {
    async takeMailHook(provider, body) {
      const path = `/v1/mail-hooks/${provider}`
      const reply = await hooks.call({ method: 'POST', path, body, reply: z.unknown() })
      return 'problem' in reply ? reply.problem : undefined
    },
    async preview(body) {
      const call = { method: 'POST', path: '/v1/previews', body, reply: previewShape } as const
      return bodyOf(await rpc.call({ ...call, isIdempotent: true }))
    },
    sendTestMail: (body) =>
      slow.call(body.tenantId, {
        method: 'POST',
        path: '/v1/previews/test',
        body,
        reply: previewTestReply,
        timeoutMs: TEST_MAIL_TIMEOUT_MS,
      }),
    async checkRelays(body) {
      const call = { method: 'POST', path: '/v1/relay-checks', body, reply: relayCheckReply } as const
      return bodyOf(await slow.call(body.tenantId, { ...call, timeoutMs: TEST_MAIL_TIMEOUT_MS })).relays
    },
    status: async () =>
      bodyOf(
        await rpc.call({ method: 'GET', path: '/v1/status', reply: mailerStatus, timeoutMs: STATUS_MS }),
      ),
    suppressions: async (page) => bodyOf(await get('/v1/suppressions', queryOf(page), suppressionList)),
    async addSuppressions(body) {
      const call = { method: 'POST', path: '/v1/suppressions', body, reply: suppressionAddReply } as const
      return bodyOf(await rpc.call({ ...call, isIdempotent: true }))
    },

    async clearSuppression(tenantId, email) {
      const path = `/v1/suppressions?${new URLSearchParams({ tenantId, email })}`
      return existed(await rpc.call({ method: 'DELETE', path, reply: z.undefined() }))
    },
    async forgetTenant(tenantId) {
      const path = `/v1/tenants/${tenantId}/suppressions`
      bodyOf(await rpc.call({ method: 'DELETE', path, reply: z.undefined(), isIdempotent: true }))
    },
    messagesInState: async (state, { reason, ...page }) => {
      const query = { state, ...(reason === undefined ? {} : { reason }), ...queryOf(page) }
      return bodyOf(await get('/v1/messages', query, messageList))
    },
    async retryMessages(body) {
      const call = { method: 'POST', path: '/v1/messages/retries', body, reply: messageRetryReply } as const
      return bodyOf(await rpc.call(call)).retried
    },
    async dropMessage(identityId) {
      const body = { identityIds: [identityId] }
      const call = { method: 'POST', path: '/v1/messages/drops', body, reply: z.undefined() } as const
      bodyOf(await rpc.call({ ...call, isIdempotent: true }))
    },
    messageCounts: async (tenantId) =>
      bodyOf(await get('/v1/messages/counts', { tenantId }, messageCounts)).counts,
  }
}
