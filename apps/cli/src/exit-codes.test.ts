import { EmailauthError } from '@emailauth/client'
import { TENANT_ID_RULE } from '@emailauth/contracts/tenant-id-rule'
import { expect, test } from 'vitest'
import { CliError, EXIT, exitCodeOfError, exitCodeOfOutcome } from './exit-codes.ts'

test('the numbers are a promise', () => {
  expect(EXIT).toEqual({
    done: 0,
    failed: 1,
    cancelled: 2,
    notFound: 3,
    notAuthenticated: 4,
    rateLimited: 5,
    unreachable: 6,
    usage: 64,
  })
})

test.each([
  ['Registered', 0],
  ['Verified', 0],
  ['EmailRejected', 1],
  ['IdentityNotFound', 3],
  ['WrongCredentials', 3],
  ['RateLimited', 5],
] as const)('%s → %i', (__typename, code) => {
  expect(exitCodeOfOutcome({ __typename })).toBe(code)
})

test('an outcome that this version does not know is a failure', () => {
  expect(exitCodeOfOutcome({ __typename: 'Invented' as 'Verified' })).toBe(1)
})

test.each([
  ['UNAUTHENTICATED', 4],
  ['FORBIDDEN', 4],
  ['BAD_USER_INPUT', 1],
  ['SERVICE_UNAVAILABLE', 6],
  ['UNREACHABLE', 6],
  ['INTERNAL_SERVER_ERROR', 1],
] as const)('%s → %i', (code, exitCode) => {
  expect(exitCodeOfError(new EmailauthError(code, 'm'))).toBe(exitCode)
})

test('a value that the gateway refuses is a usage error, but for a tenant that does not exist', () => {
  const refused = (details: object) => exitCodeOfError(new EmailauthError('BAD_USER_INPUT', 'm', details))
  expect(refused({ field: 'email' })).toBe(64)
  expect(refused({ field: 'tenantId' })).toBe(3)
  const malformed = new EmailauthError('BAD_USER_INPUT', `tenantId: ${TENANT_ID_RULE}`, { field: 'tenantId' })
  expect(exitCodeOfError(malformed)).toBe(64)
  // Somebody else was faster: the command line is right.
  expect(refused({ field: 'ifVersion', currentVersion: 7 })).toBe(1)
  expect(exitCodeOfError(new EmailauthError('UNAUTHENTICATED', 'm', { field: 'email' }))).toBe(4)
})

test('anything else that is thrown is a failure', () => {
  expect(exitCodeOfError(new CliError(EXIT.cancelled, 'm'))).toBe(2)
  for (const thrown of [new Error('m'), 'text', undefined]) expect(exitCodeOfError(thrown)).toBe(1)
})
