import type { ProblemCode } from '@emailauth/contracts/problems'

/**
 * Problems of the contract as GraphQL names them: a member of a result union for expected outcomes, or the
 * `extensions.code` of an error.
 */
export const PROBLEM_NAMES = {
  'wrong-credentials': 'WrongCredentials',
  'rate-limited': 'RateLimited',
  'identity-not-found': 'IdentityNotFound',
  'email-rejected': 'EmailRejected',
  'bad-input': 'BAD_USER_INPUT',
  'idempotency-conflict': 'BAD_USER_INPUT',
  conflict: 'BAD_USER_INPUT',
  'stale-version': 'BAD_USER_INPUT',
  'not-found': 'BAD_USER_INPUT',
  'method-not-allowed': 'BAD_USER_INPUT',
  'unsupported-media-type': 'BAD_USER_INPUT',
  'payload-too-large': 'BAD_USER_INPUT',
  unauthenticated: 'UNAUTHENTICATED',
  forbidden: 'FORBIDDEN',
  misdirected: 'SERVICE_UNAVAILABLE',
  unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<ProblemCode, string>
