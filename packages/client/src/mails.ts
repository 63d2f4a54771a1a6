import type { Call } from './call.ts'
import { PROBLEM_FIELDS, type RateLimited } from './problems.ts'

/** `QUEUED`: being handed over. `DEFERRED`: tried again. `BOUNCED`: accepted, but it came back. `EXPIRED`, `DROPPED`: not needed any more. */
export type MessageState = 'QUEUED' | 'DEFERRED' | 'SENT' | 'BOUNCED' | 'REJECTED' | 'EXPIRED' | 'DROPPED'

/** A mail with a number: neither the number nor the address. */
export interface Message {
  readonly messageId: string
  readonly identityId: string
  readonly state: MessageState
  readonly attempts: number
  /** ISO 8601 in UTC. */
  readonly updatedAt: string
  readonly nextAttemptAt: string | null
  /** What the SMTP server said last. */
  readonly reply: string | null
}

export interface MessageCount {
  readonly state: MessageState
  readonly count: number
}

/** An address that a tenant's mails are not sent to any more. */
export interface Suppression {
  readonly email: string
  readonly reason: string
  /** ISO 8601 in UTC. */
  readonly suppressedAt: string
}

/** A page of a tenant's, newest first. */
export interface TenantPageOptions {
  readonly tenantId: string
  /** Size of a page, 1 to 200; 50 without it. */
  readonly first?: number | undefined
  /** The `pageInfo.endCursor` of the page before. */
  readonly after?: string | undefined
}

export interface Page<Node> {
  readonly nodes: readonly Node[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/** A mail with a sample number. */
export interface MailPreview {
  readonly subject: string
  readonly html: string
  readonly text: string
}

export interface TestMailInput {
  readonly tenantId: string
  readonly email: string
  readonly locale?: string | undefined
}

/** How a test mail ended, with what the SMTP server said. */
export interface TestMail {
  readonly __typename: 'TestMail'
  readonly outcome: 'SENT' | 'REJECTED' | 'DEFERRED'
  readonly reply: string
}

const MESSAGE = 'messageId identityId state attempts updatedAt nextAttemptAt reply'
const PAGE_INFO = 'pageInfo { hasNextPage endCursor }'

export const MESSAGES = `query Messages($tenantId: ID!, $state: MessageState!, $first: Int! = 50, $after: String) {
  messages(tenantId: $tenantId, state: $state, first: $first, after: $after) { nodes { ${MESSAGE} } ${PAGE_INFO} }
}`
export const MESSAGE_COUNTS =
  'query MessageCounts($tenantId: ID!) { messageCounts(tenantId: $tenantId) { state count } }'
export const SUPPRESSIONS = `query Suppressions($tenantId: ID!, $first: Int! = 50, $after: String) {
  suppressions(tenantId: $tenantId, first: $first, after: $after) { nodes { email reason suppressedAt } ${PAGE_INFO} }
}`
export const CLEAR_SUPPRESSION = `mutation ClearSuppression($tenantId: ID!, $email: String!) {
  clearSuppression(tenantId: $tenantId, email: $email)
}`
export const MAIL_PREVIEW = `query MailPreview($tenantId: ID!, $locale: String) {
  mailPreview(tenantId: $tenantId, locale: $locale) { subject html text }
}`
export const SEND_TEST_MAIL = `mutation SendTestMail($tenantId: ID!, $email: String!, $locale: String) {
  sendTestMail(tenantId: $tenantId, email: $email, locale: $locale) { __typename ... on TestMail { outcome reply } ${PROBLEM_FIELDS} }
}`

export function mailCalls(call: Call) {
  return {
    messages: (state: MessageState, page: TenantPageOptions) =>
      call.once<Page<Message>>('messages', MESSAGES, { state, ...page }),
    messageCounts: (tenantId: string) =>
      call.once<readonly MessageCount[]>('messageCounts', MESSAGE_COUNTS, { tenantId }),
    suppressions: (page: TenantPageOptions) =>
      call.once<Page<Suppression>>('suppressions', SUPPRESSIONS, { ...page }),
    clearSuppression: (tenantId: string, email: string) =>
      call.once<boolean>('clearSuppression', CLEAR_SUPPRESSION, { tenantId, email }),
    mailPreview: (tenantId: string, locale?: string) =>
      call.once<MailPreview | null>('mailPreview', MAIL_PREVIEW, { tenantId, locale }),
    sendTestMail: (input: TestMailInput) =>
      call.once<TestMail | RateLimited | null>('sendTestMail', SEND_TEST_MAIL, { ...input }),
  }
}
