import type { Call, RequestOptions } from './call.ts'
import {
  ADD_SUPPRESSIONS,
  CLEAR_SUPPRESSION,
  MAIL_PREVIEW,
  MESSAGE_COUNTS,
  MESSAGES,
  SEND_TEST_MAIL,
  SUPPRESSIONS,
} from './generated/documents.ts'
import type {
  AddedSuppressions,
  MailPreview,
  Message,
  MessageCount,
  PageEnd,
  RateLimited,
  Suppression,
  TestMail,
} from './generated/objects.ts'
import type {
  DeliveryReason,
  MessageState,
  SendTestMailMutationVariables,
  SuppressionInput,
} from './generated/operations.ts'

/** A page of a tenant's, newest first. */
export interface TenantPageOptions {
  readonly tenantId: string
  /** Size of a page, 1 to 200; 50 without it. */
  readonly first?: number | undefined
  /** The `pageInfo.endCursor` of the page before. */
  readonly after?: string | undefined
}

/** A page of one tenant's messages, or of all tenants', latest change first. */
export interface MessagePageOptions {
  /** Default: of all tenants. */
  readonly tenantId?: string | undefined
  /** For this reason only. A page may then be short or empty although more follow. */
  readonly reason?: DeliveryReason | undefined
  /** Size of a page, 1 to 200; 50 without it. */
  readonly first?: number | undefined
  /** The `pageInfo.endCursor` of the page before. */
  readonly after?: string | undefined
}

export interface Page<Node> {
  readonly nodes: readonly Node[]
  readonly pageInfo: PageEnd
}

export type TestMailInput = Readonly<SendTestMailMutationVariables>

export function mailCalls(call: Call) {
  return {
    messages: (state: MessageState, page: MessagePageOptions, options?: RequestOptions) =>
      call.read<Page<Message>>('messages', MESSAGES, { state, ...page }, options),
    messageCounts: (tenantId: string, options?: RequestOptions) =>
      call.read<readonly MessageCount[]>('messageCounts', MESSAGE_COUNTS, { tenantId }, options),
    suppressions: (page: TenantPageOptions, options?: RequestOptions) =>
      call.read<Page<Suppression>>('suppressions', SUPPRESSIONS, { ...page }, options),
    // What is on the list already stays as it is, so that it may be sent again.
    addSuppressions: (tenantId: string, addresses: readonly SuppressionInput[], options?: RequestOptions) =>
      call.read<AddedSuppressions>('addSuppressions', ADD_SUPPRESSIONS, { tenantId, addresses }, options),
    clearSuppression: (tenantId: string, email: string, options?: RequestOptions) =>
      call.once<boolean>('clearSuppression', CLEAR_SUPPRESSION, { tenantId, email }, options),
    mailPreview: (tenantId: string, locale?: string, options?: RequestOptions) =>
      call.read<MailPreview | null>('mailPreview', MAIL_PREVIEW, { tenantId, locale }, options),
    sendTestMail: (input: TestMailInput, options?: RequestOptions) =>
      call.once<TestMail | RateLimited | null>('sendTestMail', SEND_TEST_MAIL, { ...input }, options),
  }
}
