import { expect, test } from 'vitest'
import { toFailure } from './failure.ts'
import { GraphqlErrors, HttpError } from './graphql/graphql-errors.ts'

const graphqlError = (extensions?: Record<string, unknown>) =>
  new GraphqlErrors([{ message: 'x', ...(extensions && { extensions }) }])

test.each([
  ['UNAUTHENTICATED', 'unauthenticated'],
  ['FORBIDDEN', 'forbidden'],
  ['SERVICE_UNAVAILABLE', 'persistence'],
  ['BAD_USER_INPUT', 'invalid'],
  ['INTERNAL_SERVER_ERROR', 'internal'],
  ['constructor', 'internal'],
])('the code %s means %s', (code, kind) => {
  expect(toFailure(graphqlError({ code, requestId: 'r-1' }))).toEqual({ kind, requestId: 'r-1' })
})

test('a service that fails is named, and a gateway that is busy is distinguished', () => {
  const kindOf = (path: string[], more = {}) =>
    toFailure(
      new GraphqlErrors([{ message: 'x', path, extensions: { code: 'SERVICE_UNAVAILABLE', ...more } }]),
    ).kind
  expect(kindOf(['identities'])).toBe('persistence')
  expect(kindOf(['identities', 'message'])).toBe('mailer')
  expect(kindOf(['identities'], { retryAfterSeconds: 1 })).toBe('unavailable')
  expect(kindOf(['createTenant'], { retryAfterSeconds: 1, tookEffect: false })).toBe('unwritten')
})

test('an error without extensions is an internal one', () => {
  expect(toFailure(graphqlError())).toEqual({ kind: 'internal', requestId: undefined })
})

test.each([
  [401, 'unauthenticated'],
  [413, 'internal'],
  [502, 'unreachable'],
  [503, 'unavailable'],
])('the status %i means %s', (status, kind) => {
  expect(toFailure(new HttpError(status, 'r-2'))).toEqual({ kind, requestId: 'r-2' })
})

test.each([new TypeError('Failed to fetch'), new DOMException('late', 'TimeoutError')])(
  '%s: the gateway cannot be reached',
  (error) => {
    expect(toFailure(error).kind).toBe('unreachable')
  },
)

test('what nobody foresaw is internal', () => {
  expect(toFailure('?')).toEqual({ kind: 'internal', requestId: undefined })
})
