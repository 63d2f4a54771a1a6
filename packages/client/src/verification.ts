import type { Call } from './call.ts'
import { PROBLEM_FIELDS, type RateLimited, type WrongCredentials } from './problems.ts'

export interface VerifyInput {
  /** As the person typed it: spaces and dashes are ignored. */
  readonly number: string
  /** Where given it must be the registered address. */
  readonly email?: string | undefined
  /** Where given it must be the `identityId` that `register` answered. Best: it ties the number to the session that asked. */
  readonly identityId?: string | undefined
  /** The end user's IP address as you see it: it bounds how often one of them can guess. */
  readonly clientIp?: string | undefined
  /** Your own name for this call, 1 to 200 printable ASCII characters. Without it the client draws one. */
  readonly idempotencyKey?: string | undefined
}

export interface Verified {
  readonly __typename: 'Verified'
  readonly identityId: string
  readonly email: string
  /** What you handed to `register`; it is stored nowhere any more. */
  readonly token: string
  /** ISO 8601 in UTC. */
  readonly registeredAt: string
}

export type VerifyResult = Verified | WrongCredentials | RateLimited

export const VERIFY = `mutation Verify($input: VerifyInput!) {
  verify(input: $input) { __typename ... on Verified { identityId email token registeredAt } ${PROBLEM_FIELDS} }
}`

export function verificationCalls(call: Call) {
  return { verify: (input: VerifyInput) => call.repeatable<VerifyResult>('verify', VERIFY, input) }
}
