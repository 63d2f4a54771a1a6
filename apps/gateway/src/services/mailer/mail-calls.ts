import type { MessageCounts, MessageList, MessageState } from '@emailauth/contracts/messages'
import type {
  Preview,
  PreviewRequest,
  PreviewTestReply,
  PreviewTestRequest,
} from '@emailauth/contracts/previews'
import type { Problem } from '@emailauth/contracts/problems'
import type { SuppressionList } from '@emailauth/contracts/suppressions'
import { existed } from '@emailauth/rpc/client/absent'
import type { RpcClient } from '@emailauth/rpc/client/client'
import { bodyOf } from '@emailauth/rpc/client/reply'

/** A page of a tenant's. */
export interface TenantPage {
  readonly tenantId: string
  readonly first: number
  readonly after?: string | undefined
}

/** What admins see of mails and do about them. */
export interface MailCalls {
  preview(request: PreviewRequest): Promise<Preview>
  /** Sends a mail with a sample number; a problem when too many were sent. */
  sendTestMail(request: PreviewTestRequest): Promise<{ body: PreviewTestReply } | { problem: Problem }>
  suppressions(page: TenantPage): Promise<SuppressionList>
  /** false: the address was not on the list. */
  clearSuppression(tenantId: string, email: string): Promise<boolean>
  messagesInState(state: MessageState, page: TenantPage): Promise<MessageList>
  messageCounts(tenantId: string): Promise<MessageCounts['counts']>
}

/** Somebody waits while the mailer speaks to an SMTP server: longer than it tries, shorter than a dashboard waits. */
const TEST_MAIL_TIMEOUT_MS = 9500

export function mailCalls(rest: RpcClient): MailCalls {
  const get = <Body>(path: string, query: Readonly<Record<string, string>>) =>
    rest.call<Body>({ method: 'GET', path: `${path}?${new URLSearchParams(query)}` })
  const queryOf = ({ tenantId, first, after }: TenantPage) => ({
    tenantId,
    first: String(first),
    ...(after === undefined ? {} : { after }),
  })

  return {
    preview: async (body) => bodyOf(await rest.call<Preview>({ method: 'POST', path: '/v1/previews', body })),
    sendTestMail: (body) =>
      rest.call({ method: 'POST', path: '/v1/previews/test', body, timeoutMs: TEST_MAIL_TIMEOUT_MS }),
    suppressions: async (page) => bodyOf(await get<SuppressionList>('/v1/suppressions', queryOf(page))),
    clearSuppression: async (tenantId, email) =>
      existed(
        await rest.call({
          method: 'DELETE',
          path: `/v1/suppressions?${new URLSearchParams({ tenantId, email })}`,
        }),
      ),
    messagesInState: async (state, page) =>
      bodyOf(await get<MessageList>('/v1/messages', { state, ...queryOf(page) })),
    messageCounts: async (tenantId) =>
      bodyOf(await get<MessageCounts>('/v1/messages/counts', { tenantId })).counts,
  }
}
