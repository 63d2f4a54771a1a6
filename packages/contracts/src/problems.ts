import { z } from 'zod'

/**
 * The closed list of problems between the services, as RFC 9457 problem types.
 *
 * Lua replies, outcome types and REST problems all use these names. `status` is the HTTP status of the REST
 * reply.
 */
export const PROBLEMS = {
  'wrong-credentials': { status: 404, title: 'Wrong credentials' },
  'rate-limited': { status: 429, title: 'Rate limited' },
  'identity-not-found': { status: 404, title: 'Identity not found' },
  'email-rejected': { status: 422, title: 'Email rejected' },
  'bad-input': { status: 400, title: 'Bad input' },
  'idempotency-conflict': { status: 409, title: 'Idempotency key reused' },
  conflict: { status: 409, title: 'Conflict' },
  'stale-version': { status: 409, title: 'Changed meanwhile' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'payload-too-large': { status: 413, title: 'Payload too large' },
  unauthenticated: { status: 401, title: 'Not authenticated' },
  forbidden: { status: 403, title: 'Forbidden' },
  misdirected: { status: 421, title: 'Misdirected request' },
  unavailable: { status: 503, title: 'Service unavailable' },
  internal: { status: 500, title: 'Internal error' },
} as const

export type ProblemCode = keyof typeof PROBLEMS

/** All codes. The record is written out, so these are all of its keys. */
export const problemCodes = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]

/**
 * The limit that was reached. `email`: mails to one address. `client-ip`: calls of one end user's IP.
 * `miss-budget`: the tenant's misses. `tenant`: the tenant's registrations.
 */
export const limitKind = z.enum(['email', 'client-ip', 'miss-budget', 'tenant'])
export type LimitKind = z.infer<typeof limitKind>

/** RFC 9457 problem details, sent as `application/problem+json`. */
export const problem = z
  .object({
    type: z.string().describe('`urn:emailauth:problem:` and the code'),
    title: z.string(),
    status: z.number().int(),
    code: z.enum(problemCodes),
    detail: z.string().describe('One sentence that says what to do; never anything internal'),
    field: z.string().optional().describe('The input field at fault, as a dotted path'),
    limit: limitKind.optional().describe('With `rate-limited`: which limit'),
    retryAfterSeconds: z.number().int().min(1).optional().describe('With `rate-limited` and `unavailable`'),
    tookEffect: z
      .literal(false)
      .optional()
      .describe('With `unavailable`: nothing of the call was done. Absent: that is not known'),
    currentVersion: z.number().int().min(1).optional().describe('With `stale-version`: the version now'),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problem>

/** The one sentence for an id that is malformed, of another tenant, or of no live identity. */
export const IDENTITY_NOT_FOUND = 'No live identity has this id; register again.'
/** The one sentence for each call of a disabled tenant. */
export const TENANT_DISABLED = 'This tenant is disabled; an admin can enable it again.'
/** The one sentence for every fault. It hides what went wrong. */
export const INTERNAL_FAULT = 'Something went wrong here; the log knows more under this request id.'
/** Said when the recipient's server has refused a mail for good. */
export const MAIL_REFUSED = 'The mail server of this address refused the mail for good.'

/** Optional fields of a problem. */
export interface ProblemExtras {
  readonly field?: string | undefined
  readonly limit?: LimitKind | undefined
  readonly retryAfterSeconds?: number | undefined
  readonly tookEffect?: false | undefined
  readonly currentVersion?: number | undefined
}

/** Creates the problem details of a code, with status and title from the table. */
export function toProblem(code: ProblemCode, detail: string, extras: ProblemExtras = {}): Problem {
  const { status, title } = PROBLEMS[code]
  const details: Problem = { type: `urn:emailauth:problem:${code}`, title, status, code, detail }
  if (extras.field !== undefined) details.field = extras.field
  if (extras.limit !== undefined) details.limit = extras.limit
  if (extras.retryAfterSeconds !== undefined) details.retryAfterSeconds = extras.retryAfterSeconds
  if (extras.tookEffect !== undefined) details.tookEffect = extras.tookEffect
  if (extras.currentVersion !== undefined) details.currentVersion = extras.currentVersion
  return details
}
