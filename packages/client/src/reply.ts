import { type EmailauthError, type EmailauthErrorCode, type EmailauthErrorDetails, errorOf } from './error.ts'

interface GraphqlError {
  readonly message?: unknown
  readonly extensions?: Readonly<Record<string, unknown>> | undefined
}

const CODES: readonly EmailauthErrorCode[] = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
] satisfies EmailauthErrorCode[]

/**
 * Reads the data of a GraphQL reply.
 * @throws {EmailauthError} when the reply has errors, or is not from emailauth (a proxy's page).
 */
export function readReply(response: Response, text: string, origin: string): Record<string, unknown> {
  const body = parseObject(text)
  // Every field is checked where it is used.
  const [error] = Array.isArray(body?.errors) ? (body.errors as GraphqlError[]) : []
  if (error !== undefined) throw fromGraphql(error, response)
  if (isObject(body?.data)) return body.data
  throw fromStatus(response, origin)
}

function fromGraphql(error: GraphqlError, response: Response): EmailauthError {
  const { code, requestId, field, retryAfterSeconds, tookEffect, currentVersion } = error.extensions ?? {}
  return errorOf(
    toCode(code, response.status),
    typeof error.message === 'string' ? error.message : 'The call failed.',
    {
      ...detailsOf(response),
      ...(typeof requestId === 'string' ? { requestId } : {}),
      ...(typeof field === 'string' ? { field } : {}),
      ...(typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {}),
      ...(tookEffect === false ? { tookEffect } : {}),
      ...(typeof currentVersion === 'number' ? { currentVersion } : {}),
    },
  )
}

function toCode(code: unknown, status: number): EmailauthErrorCode {
  const known = CODES.find((one) => one === code)
  if (known !== undefined) return known
  // GraphQL's own codes (a document that does not parse, an unknown field) come with a status of 4xx.
  return status >= 400 && status < 500 ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR'
}

/** A reply without GraphQL comes from a proxy in front of the gateway, or from another server. */
function fromStatus(response: Response, origin: string): EmailauthError {
  const { status } = response
  const details = detailsOf(response)
  // Browsers hide where a redirect leads, and its status.
  if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
    const said = `${origin} redirects, and an API key follows no redirect. Is the URL right?`
    return errorOf('UNREACHABLE', said, details)
  }
  const said = `${origin} answered with status ${status}`
  if (status === 401) return errorOf('UNAUTHENTICATED', `${said}: not authenticated.`, details)
  if (status === 403) return errorOf('FORBIDDEN', `${said}: forbidden.`, details)
  if (status === 413) return errorOf('BAD_USER_INPUT', `${said}: the request is too large.`, details)
  if ([429, 502, 503, 504].includes(status)) {
    return errorOf('SERVICE_UNAVAILABLE', `${said}: emailauth is not available now.`, details)
  }
  if (status >= 500) return errorOf('INTERNAL_SERVER_ERROR', `${said}.`, details)
  return errorOf('UNREACHABLE', `${said}, but not as emailauth would. Is the URL right?`, details)
}

function detailsOf({ headers }: Response): EmailauthErrorDetails {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return {
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfterSeconds: Number.isFinite(seconds) && seconds > 0 ? seconds : undefined,
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
