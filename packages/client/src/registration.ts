import type { Call } from './call.ts'
import { type EmailRejected, type IdentityNotFound, PROBLEM_FIELDS, type RateLimited } from './problems.ts'

export interface RegisterInput {
  /** The address to prove. */
  readonly email: string
  /** Your own opaque text, 1 to 4,096 bytes of UTF-8: `verify` hands it back. */
  readonly token: string
  /** Language of the mail, as a BCP 47 tag such as `es`. Without it, or when unknown: the tenant's. */
  readonly locale?: string | undefined
  /** Life of the number in seconds, 60 to 86,400. Without it: the tenant's, 600 by default. */
  readonly expiresInSeconds?: number | undefined
  /** The end user's IP address as you see it: it bounds how many mails one of them can cause. */
  readonly clientIp?: string | undefined
  /** Your own name for this call, 1 to 200 printable ASCII characters. Without it the client draws one. */
  readonly idempotencyKey?: string | undefined
}

/** `SENT`: the SMTP server took the mail. `QUEUED`: it will be tried again. `FAILED`: it will not arrive. */
export type DeliveryState = 'SENT' | 'QUEUED' | 'FAILED'

export interface Registered {
  readonly __typename: 'Registered'
  readonly identityId: string
  /** As it is mailed: trimmed, domain in lower case and punycode. */
  readonly email: string
  /** ISO 8601 in UTC. */
  readonly expiresAt: string
  readonly delivery: DeliveryState
  /** true when the address had a live number, which is dead now. */
  readonly replaced: boolean
}

export type RegisterResult = Registered | EmailRejected | RateLimited | IdentityNotFound

const FIELDS = `__typename ... on Registered { identityId email expiresAt delivery replaced } ${PROBLEM_FIELDS}`

export const REGISTER = `mutation Register($input: RegisterInput!) { register(input: $input) { ${FIELDS} } }`
export const RESEND = `mutation Resend($input: ResendInput!) { resend(input: $input) { ${FIELDS} } }`

export function registrationCalls(call: Call) {
  return {
    register: (input: RegisterInput) => call.repeatable<RegisterResult>('register', REGISTER, input),
    resend: (identityId: string) => call.once<RegisterResult>('resend', RESEND, { input: { identityId } }),
  }
}
