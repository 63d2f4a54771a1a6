import { EmailauthError, type EmailauthErrorCode } from '@emailauth/client'
import { TENANT_ID_RULE } from '@emailauth/contracts/tenant-id-rule'

/** Exit codes. Their numbers are a public promise. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** The person at the terminal said no, or pressed Ctrl-C at a prompt. */
  cancelled: 2,
  /** Wrong credentials, or what was asked for is not there. */
  notFound: 3,
  /** No API key, a wrong one, or one without the right to do this. */
  notAuthenticated: 4,
  rateLimited: 5,
  /** Nobody answers, or not with what emailauth would say. */
  unreachable: 6,
  /** The command line itself is wrong. */
  usage: 64,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Ends a command with one sentence and an exit code. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly exitCode: ExitCode
  /** What to do next. */
  readonly hint: string | undefined

  constructor(exitCode: ExitCode, message: string, { hint, cause }: { hint?: string; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.exitCode = exitCode
    this.hint = hint
  }
}

const OF_FAULT: Readonly<Record<EmailauthErrorCode, ExitCode>> = {
  UNAUTHENTICATED: EXIT.notAuthenticated,
  FORBIDDEN: EXIT.notAuthenticated,
  BAD_USER_INPUT: EXIT.failed,
  SERVICE_UNAVAILABLE: EXIT.unreachable,
  INTERNAL_SERVER_ERROR: EXIT.failed,
  UNREACHABLE: EXIT.unreachable,
}

/** Every member of a result union; a success is `done`. */
const OF_OUTCOME = {
  Registered: EXIT.done,
  Verified: EXIT.done,
  EmailRejected: EXIT.failed,
  RateLimited: EXIT.rateLimited,
  IdentityNotFound: EXIT.notFound,
  WrongCredentials: EXIT.notFound,
} as const satisfies Record<string, ExitCode>

/** The exit code of a result union's member. */
export function exitCodeOfOutcome(outcome: { readonly __typename: keyof typeof OF_OUTCOME }): ExitCode {
  return OF_OUTCOME[outcome.__typename] ?? EXIT.failed
}

/** The exit code of anything that was thrown. */
export function exitCodeOfError(error: unknown): ExitCode {
  if (error instanceof CliError) return error.exitCode
  if (error instanceof EmailauthError) return ofRefusedValue(error) ?? OF_FAULT[error.code]
  return EXIT.failed
}

/** Where the gateway names what it refuses, that is a value of the command line. */
function ofRefusedValue({ code, field, message, currentVersion }: EmailauthError): ExitCode | undefined {
  if (code !== 'BAD_USER_INPUT' || field === undefined || currentVersion !== undefined) return undefined
  // A tenant that may exist and does not is not found; an id that no tenant can have is mistyped.
  return field === 'tenantId' && !message.includes(TENANT_ID_RULE) ? EXIT.notFound : EXIT.usage
}
