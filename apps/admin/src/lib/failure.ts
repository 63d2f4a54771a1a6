import { GraphqlErrors, HttpError } from './graphql/graphql-errors.ts'

/**
 * Why a query failed, as far as a page must know.
 *
 * - `unreachable`: no reply from the gateway. `unavailable`: a service behind it does not reply.
 * - `unwritten`: Redis takes no changes, so this one certainly has no effect.
 * - `live`: queries work, but the event stream does not. `mailer`: only the mailer's data is missing.
 * - `unauthenticated`: the session has ended. `forbidden`: it lacks the permission.
 * - `invalid`: the query was wrong, for instance an edited link.
 * - `gone`: somebody has deleted what the action is about.
 * - `internal`: everything else.
 */
type FailureKind =
  | 'unreachable'
  | 'unavailable'
  | 'persistence'
  | 'unwritten'
  | 'live'
  | 'mailer'
  | 'unauthenticated'
  | 'forbidden'
  | 'invalid'
  | 'gone'
  | 'internal'

export interface Failure {
  readonly kind: FailureKind
  /** The request id in the gateway's log, if known. */
  readonly requestId: string | undefined
}

const BY_CODE: ReadonlyMap<unknown, FailureKind> = new Map([
  ['UNAUTHENTICATED', 'unauthenticated'],
  ['FORBIDDEN', 'forbidden'],
  ['SERVICE_UNAVAILABLE', 'unavailable'],
  ['BAD_USER_INPUT', 'invalid'],
  ['GRAPHQL_VALIDATION_FAILED', 'invalid'],
])

/** Fields that come from the mailer. */
const MAILER_FIELDS: ReadonlySet<unknown> = new Set([
  'message',
  'delivery',
  'messages',
  'messageCounts',
  'suppressions',
  'mailPreview',
  'sendTestMail',
  'retryMessages',
  'dropMessage',
  'clearSuppression',
  'state',
  'webhookAttempts',
  'sendTestEvent',
  'checkRelay',
  'relays',
  'mailQueue',
  'replayWebhookEvents',
])

const BY_STATUS: ReadonlyMap<number, FailureKind> = new Map([
  [400, 'invalid'],
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [429, 'unavailable'],
  [502, 'unreachable'],
  [503, 'unavailable'],
  [504, 'unreachable'],
])

/** Classifies any error of a GraphQL call. */
export function toFailure(error: unknown): Failure {
  if (error instanceof GraphqlErrors) {
    const { path, extensions } = error.errors[0] ?? {}
    const { code, requestId } = extensions ?? {}
    if (code === 'SERVICE_UNAVAILABLE' && extensions?.tookEffect === false) {
      return { kind: 'unwritten', requestId: text(requestId) }
    }
    if (code === 'SERVICE_UNAVAILABLE' && path?.some((step) => MAILER_FIELDS.has(step))) {
      return { kind: 'mailer', requestId: text(requestId) }
    }
    // All other fields, and the check of who asks, need persistence. Load shedding names a time to come back.
    if (code === 'SERVICE_UNAVAILABLE' && extensions?.retryAfterSeconds === undefined) {
      return { kind: 'persistence', requestId: text(requestId) }
    }
    return { kind: BY_CODE.get(code) ?? 'internal', requestId: text(requestId) }
  }
  if (error instanceof HttpError) {
    return { kind: BY_STATUS.get(error.status) ?? 'internal', requestId: text(error.requestId) }
  }
  return { kind: isNetworkError(error) ? 'unreachable' : 'internal', requestId: undefined }
}

/** Whether a change was refused because somebody else has changed the same thing meanwhile. */
export function isStale(error: unknown): boolean {
  return error instanceof GraphqlErrors && typeof error.errors[0]?.extensions?.currentVersion === 'number'
}

/** `fetch` throws a TypeError without a connection, and a DOMException when aborted or timed out. */
function isNetworkError(error: unknown): boolean {
  return error instanceof TypeError || error instanceof DOMException
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
