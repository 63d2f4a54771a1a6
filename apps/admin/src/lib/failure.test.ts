import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors'
import { expect, test } from 'vitest'
import { toFailure } from './failure.ts'

const graphqlError = (extensions?: Record<string, unknown>) =>
  new CombinedGraphQLErrors({ errors: [{ message: 'x', ...(extensions && { extensions }) }] })

test.each([
  ['UNAUTHENTICATED', 'unauthenticated'],
  ['FORBIDDEN', 'forbidden'],
  ['SERVICE_UNAVAILABLE', 'unavailable'],
  ['BAD_USER_INPUT', 'invalid'],
  ['INTERNAL_SERVER_ERROR', 'internal'],
  ['constructor', 'internal'],
])('the code %s means %s', (code, kind) => {
  expect(toFailure(graphqlError({ code, requestId: 'r-1' }))).toEqual({ kind, requestId: 'r-1' })
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
  const response = new Response('', { status, headers: { 'x-request-id': 'r-2' } })
  expect(toFailure(new ServerError('x', { response, bodyText: '' }))).toEqual({ kind, requestId: 'r-2' })
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
