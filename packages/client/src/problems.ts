// The members of the result unions that are no success. Every one says `message`, a sentence for the developer.

/** The SMTP server refused the address for good; nothing is stored. */
export interface EmailRejected {
  readonly __typename: 'EmailRejected'
  readonly code: 'EMAIL_REJECTED'
  readonly message: string
}

/** A limit said no; the live number, if there is one, stays valid. */
export interface RateLimited {
  readonly __typename: 'RateLimited'
  readonly code: 'RATE_LIMITED'
  readonly message: string
  /**
   * `EMAIL`: mails to one address. `CLIENT_IP`: one end user's IP. `MISS_BUDGET`: the tenant's wrong lookups. `TENANT`: its
   * registrations.
   */
  readonly limit: 'EMAIL' | 'CLIENT_IP' | 'MISS_BUDGET' | 'TENANT'
  readonly retryAfterSeconds: number
}

/** The identity to resend is verified, replaced, revoked, expired, or never was. */
export interface IdentityNotFound {
  readonly __typename: 'IdentityNotFound'
  readonly code: 'IDENTITY_NOT_FOUND'
  readonly message: string
}

/** The one answer to a number that is unknown, used, expired, replaced or revoked. */
export interface WrongCredentials {
  readonly __typename: 'WrongCredentials'
  readonly code: 'WRONG_CREDENTIALS'
  readonly message: string
}

/** Selects what every problem has, and what a rate limit has beyond it. */
export const PROBLEM_FIELDS = '... on Problem { code message } ... on RateLimited { limit retryAfterSeconds }'
