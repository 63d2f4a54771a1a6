import type { Problem } from '@emailauth/contracts/problems'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { EmailRejected, IdentityNotFound, RateLimited, WrongCredentials } from './problem.types.ts'
import { PROBLEM_NAMES } from './problem-names.ts'

/** A member of a result union: the fields of its type, and the type name by which GraphQL selects it. */
export type Named<Name extends string, Type> = Type & { readonly __typename: Name }

/** The problems that are members of result unions, by the name of their GraphQL type. */
export interface ProblemOutcomes {
  readonly RateLimited: Named<'RateLimited', RateLimited>
  readonly EmailRejected: Named<'EmailRejected', EmailRejected>
  readonly IdentityNotFound: Named<'IdentityNotFound', IdentityNotFound>
  readonly WrongCredentials: Named<'WrongCredentials', WrongCredentials>
}

const OUTCOMES: { [Name in keyof ProblemOutcomes]: (problem: Problem) => ProblemOutcomes[Name] } = {
  RateLimited: ({ detail, limit = 'email', retryAfterSeconds = 1 }) => ({
    __typename: 'RateLimited',
    code: 'RATE_LIMITED',
    message: detail,
    limit,
    retryAfterSeconds,
  }),
  EmailRejected: ({ detail }) => ({ __typename: 'EmailRejected', code: 'EMAIL_REJECTED', message: detail }),
  IdentityNotFound: ({ detail }) => ({
    __typename: 'IdentityNotFound',
    code: 'IDENTITY_NOT_FOUND',
    message: detail,
  }),
  WrongCredentials: ({ detail }) => ({
    __typename: 'WrongCredentials',
    code: 'WRONG_CREDENTIALS',
    message: detail,
  }),
}

/**
 * A problem as the union member that {@link PROBLEM_NAMES} has for it.
 * @throws {ProblemError} when it is no member of this union, to be shown as a GraphQL error.
 */
export function outcomeOf<Name extends keyof ProblemOutcomes>(
  problem: Problem,
  ...union: readonly Name[]
): ProblemOutcomes[Name] {
  const name = PROBLEM_NAMES[problem.code]
  const member = union.find((candidate) => candidate === name)
  if (member !== undefined) return OUTCOMES[member](problem)
  const { code, detail, ...extras } = problem
  throw new ProblemError(code, detail, extras)
}
