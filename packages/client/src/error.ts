/**
 * Why a call failed.
 *
 * - `UNAUTHENTICATED`: no API key, or one that is unknown or revoked.
 * - `FORBIDDEN`: the key is good, but its scope does not allow the call.
 * - `BAD_USER_INPUT`: the input breaks a rule; `field` names it where one field is at fault.
 * - `SERVICE_UNAVAILABLE`: a part of emailauth does not answer; ask again after `retryAfterSeconds`.
 * - `INTERNAL_SERVER_ERROR`: a fault of the server; its log knows more under `requestId`.
 * - `UNREACHABLE`: no answer, or none that emailauth would give. Whether the call took effect is unknown.
 */
export type EmailauthErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'SERVICE_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR'
  | 'UNREACHABLE'

export interface EmailauthErrorDetails {
  readonly requestId?: string | undefined
  readonly field?: string | undefined
  readonly retryAfterSeconds?: number | undefined
  readonly cause?: unknown
}

/**
 * A call that failed. Expected outcomes (a wrong number, a rate limit, a refused address) are never thrown: they are members
 * of the result unions.
 */
export class EmailauthError extends Error {
  override readonly name = 'EmailauthError'
  readonly code: EmailauthErrorCode
  /** Names the call in the server's logs. */
  readonly requestId: string | undefined
  /** The input field at fault, as a dotted path. */
  readonly field: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: EmailauthErrorCode, message: string, details: EmailauthErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.requestId = details.requestId
    this.field = details.field
    this.retryAfterSeconds = details.retryAfterSeconds
  }
}
