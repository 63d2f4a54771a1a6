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
  readonly tookEffect?: false | undefined
  readonly currentVersion?: number | undefined
  readonly cause?: unknown
}

/**
 * A failed call. Expected outcomes (a wrong number, a rate limit, a refused address) are never thrown: they
 * are members of the result unions. Each code has a subclass, so both `code` and `instanceof` work.
 */
export class EmailauthError extends Error {
  override readonly name: string = 'EmailauthError'
  readonly code: EmailauthErrorCode
  /** Names the call in the server's logs. */
  readonly requestId: string | undefined
  /** The input field at fault, as a dotted path. */
  readonly field: string | undefined
  readonly retryAfterSeconds: number | undefined
  /** false: nothing of the call was done. undefined: with a fault of the server, that is not known. */
  readonly tookEffect: false | undefined
  /** The version now, when `ifVersion` named an older one. Then nothing of the call was done. */
  readonly currentVersion: number | undefined

  constructor(code: EmailauthErrorCode, message: string, details: EmailauthErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.requestId = details.requestId
    this.field = details.field
    this.retryAfterSeconds = details.retryAfterSeconds
    this.tookEffect = details.tookEffect
    this.currentVersion = details.currentVersion
  }
}

/** No API key, or one that is unknown or revoked. */
export class AuthenticationError extends EmailauthError {
  override readonly name = 'AuthenticationError'
  declare readonly code: 'UNAUTHENTICATED'
}

/** The key is good, but its scope does not allow the call. */
export class ForbiddenError extends EmailauthError {
  override readonly name = 'ForbiddenError'
  declare readonly code: 'FORBIDDEN'
}

/** The input breaks a rule; `field` names it where one field is at fault. */
export class InputError extends EmailauthError {
  override readonly name = 'InputError'
  declare readonly code: 'BAD_USER_INPUT'
}

/** A part of emailauth does not answer for the moment. */
export class UnavailableError extends EmailauthError {
  override readonly name = 'UnavailableError'
  declare readonly code: 'SERVICE_UNAVAILABLE'
}

/** A fault of the server; its log knows more under `requestId`. */
export class ServerError extends EmailauthError {
  override readonly name = 'ServerError'
  declare readonly code: 'INTERNAL_SERVER_ERROR'
}

/** No answer in time, or none that emailauth would give. Whether the call took effect is unknown. */
export class UnreachableError extends EmailauthError {
  override readonly name = 'UnreachableError'
  declare readonly code: 'UNREACHABLE'
}

const CLASSES = {
  UNAUTHENTICATED: AuthenticationError,
  FORBIDDEN: ForbiddenError,
  BAD_USER_INPUT: InputError,
  SERVICE_UNAVAILABLE: UnavailableError,
  INTERNAL_SERVER_ERROR: ServerError,
  UNREACHABLE: UnreachableError,
} as const satisfies Record<EmailauthErrorCode, typeof EmailauthError>

/** The error of a code, of the subclass that belongs to it. */
export function errorOf(
  code: EmailauthErrorCode,
  message: string,
  details?: EmailauthErrorDetails,
): EmailauthError {
  return new CLASSES[code](code, message, details)
}
