import { CombinedGraphQLErrors, ServerError, ServerParseError } from '@apollo/client/errors'

/**
 * Why a question got no answer, as far as a page has to tell them apart.
 *
 * - `unreachable`: no reply from the gateway; `unavailable`: it replied that a service behind it does not.
 * - `live`: answers come, but news do not; `mailer`: what the mailer knows is missing, the rest is there.
 * - `unauthenticated`: the session is over; `forbidden`: it may not do this.
 * - `invalid`: the question was wrong, for instance a search or a link that someone edited.
 * - `internal`: everything else.
 */
type FailureKind =
  | 'unreachable'
  | 'unavailable'
  | 'live'
  | 'mailer'
  | 'unauthenticated'
  | 'forbidden'
  | 'invalid'
  | 'internal'

export interface Failure {
  readonly kind: FailureKind
  /** What to look for in the gateway's log, when the gateway said it. */
  readonly requestId: string | undefined
}

const BY_CODE: ReadonlyMap<unknown, FailureKind> = new Map([
  ['UNAUTHENTICATED', 'unauthenticated'],
  ['FORBIDDEN', 'forbidden'],
  ['SERVICE_UNAVAILABLE', 'unavailable'],
  ['BAD_USER_INPUT', 'invalid'],
  ['GRAPHQL_VALIDATION_FAILED', 'invalid'],
])

/** The fields that only the mailer can answer. */
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

/** Reads any error that a GraphQL call may end with. */
export function toFailure(error: unknown): Failure {
  if (CombinedGraphQLErrors.is(error)) {
    const { path, extensions } = error.errors[0] ?? {}
    const { code, requestId } = extensions ?? {}
    if (code === 'SERVICE_UNAVAILABLE' && path?.some((step) => MAILER_FIELDS.has(step))) {
      return { kind: 'mailer', requestId: text(requestId) }
    }
    return { kind: BY_CODE.get(code) ?? 'internal', requestId: text(requestId) }
  }
  if (ServerError.is(error) || ServerParseError.is(error)) {
    const requestId = text(error.response.headers.get('x-request-id'))
    return { kind: BY_STATUS.get(error.statusCode) ?? 'internal', requestId }
  }
  return { kind: isNetworkError(error) ? 'unreachable' : 'internal', requestId: undefined }
}

/** `fetch` throws a TypeError when there is no connection, and a DOMException when it is aborted or times out. */
function isNetworkError(error: unknown): boolean {
  return error instanceof TypeError || error instanceof DOMException
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
