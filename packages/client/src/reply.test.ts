import { expect, test } from 'vitest'
import { EmailauthError } from './error.ts'
import { readReply } from './reply.ts'
import { noteReply, requestIdOf } from './reply-info.ts'

const ORIGIN = 'https://mail.example'

/** What a reply that is no data is told as. */
function faultOf(status: number, text: string, { type, headers }: { type?: string; headers?: object } = {}) {
  const response = { status, type: type ?? 'basic', headers: new Headers({ ...headers }) } as Response
  try {
    readReply(response, text, ORIGIN)
  } catch (error) {
    expect(error).toBeInstanceOf(EmailauthError)
    return error as EmailauthError
  }
  return expect.unreachable()
}

const graphql = (error: object) => JSON.stringify({ errors: [error] })
const ANSWERED = `${ORIGIN} answered with status`

/** How a program that logs an error tells its class. */
const NAMES: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: 'AuthenticationError',
  FORBIDDEN: 'ForbiddenError',
  BAD_USER_INPUT: 'InputError',
  SERVICE_UNAVAILABLE: 'UnavailableError',
  INTERNAL_SERVER_ERROR: 'ServerError',
  UNREACHABLE: 'UnreachableError',
}

test.each([
  [401, 'UNAUTHENTICATED', `${ANSWERED} 401: not authenticated.`],
  [403, 'FORBIDDEN', `${ANSWERED} 403: forbidden.`],
  [413, 'BAD_USER_INPUT', `${ANSWERED} 413: the request is too large.`],
  [429, 'SERVICE_UNAVAILABLE', `${ANSWERED} 429: emailauth is not available now.`],
  [502, 'SERVICE_UNAVAILABLE', `${ANSWERED} 502: emailauth is not available now.`],
  [503, 'SERVICE_UNAVAILABLE', `${ANSWERED} 503: emailauth is not available now.`],
  [504, 'SERVICE_UNAVAILABLE', `${ANSWERED} 504: emailauth is not available now.`],
  [500, 'INTERNAL_SERVER_ERROR', `${ANSWERED} 500.`],
  [300, 'UNREACHABLE', `${ORIGIN} redirects, and an API key follows no redirect. Is the URL right?`],
  [399, 'UNREACHABLE', `${ORIGIN} redirects, and an API key follows no redirect. Is the URL right?`],
  [400, 'UNREACHABLE', `${ANSWERED} 400, but not as emailauth would. Is the URL right?`],
  [200, 'UNREACHABLE', `${ANSWERED} 200, but not as emailauth would. Is the URL right?`],
])('a page with status %i is %s', (status, code, message) => {
  const fault = faultOf(status, '<h1>a page</h1>')
  expect(fault).toMatchObject({ code, message, name: NAMES[code] })
  expect(String(fault)).toBe(`${fault.constructor.name}: ${message}`)
})

test('a redirect that a browser hides is told as one', () => {
  expect(faultOf(0, '', { type: 'opaqueredirect' }).message).toContain('redirects')
})

test.each([
  [399, 'INTERNAL_SERVER_ERROR'],
  [400, 'BAD_USER_INPUT'],
  [499, 'BAD_USER_INPUT'],
  [500, 'INTERNAL_SERVER_ERROR'],
])("a code of GraphQL's own with status %i is %s", (status, code) => {
  expect(faultOf(status, graphql({ extensions: { code: 'GRAPHQL_PARSE_FAILED' } })).code).toBe(code)
})

test('what a GraphQL error says counts where it has the right type, and more than the headers', () => {
  const headers = { 'x-request-id': 'of-headers', 'retry-after': '9' }
  const said = { requestId: 'said', field: 'input.email', retryAfterSeconds: 3, tookEffect: false }
  expect(faultOf(200, graphql({ message: 'Refused.', extensions: said }), { headers })).toMatchObject({
    message: 'Refused.',
    ...said,
  })
  const wrong = { requestId: 7, field: 7, retryAfterSeconds: '3', tookEffect: true }
  const fault = faultOf(200, graphql({ message: 7, extensions: wrong }), { headers })
  expect(fault).toMatchObject({
    ...{ message: 'The call failed.', requestId: 'of-headers', retryAfterSeconds: 9 },
    ...{ field: undefined, tookEffect: undefined },
  })
  expect(fault).not.toHaveProperty('cause')
})

test('a pause of 0 or of no number is none', () => {
  const pauses = ['0', '-1', 'soon', '1'].map(
    (seconds) => faultOf(503, '', { headers: { 'retry-after': seconds } }).retryAfterSeconds,
  )
  expect(pauses).toEqual([undefined, undefined, undefined, 1])
})

test('only an answer that is an object has a request id', () => {
  const answer = {}
  for (const value of [answer, null, undefined, true, 'text'])
    expect(() => noteReply(value, { status: 200, requestId: 'r-1' })).not.toThrow()
  expect([requestIdOf(answer), requestIdOf({})]).toEqual(['r-1', undefined])
})
