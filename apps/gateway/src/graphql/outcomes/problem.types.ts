import { limitKind } from '@emailauth/contracts/problems'
import { Field, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql'
import { contractEnum } from '../contract-enum.ts'

/** The outcomes that are problems, each a member of a result union. */
const ProblemCode = {
  EMAIL_REJECTED: 'EMAIL_REJECTED',
  IDENTITY_NOT_FOUND: 'IDENTITY_NOT_FOUND',
  RATE_LIMITED: 'RATE_LIMITED',
  WRONG_CREDENTIALS: 'WRONG_CREDENTIALS',
} as const
type ProblemCode = keyof typeof ProblemCode

registerEnumType(ProblemCode, {
  name: 'ProblemCode',
  description: 'Names an expected outcome that is not a success. New codes may be added.',
  valuesConfig: {
    EMAIL_REJECTED: { description: 'The mail server refused the address for good.' },
    IDENTITY_NOT_FOUND: { description: 'No live identity has this id.' },
    RATE_LIMITED: { description: 'A limit was reached; try again later.' },
    WRONG_CREDENTIALS: { description: 'The number is not valid, or not any more.' },
  },
})

/** The limits in the words of the REST contract, by their GraphQL names. */
export const LimitKind = contractEnum(limitKind.options, {
  name: 'LimitKind',
  description: 'Which limit was reached.',
  values: {
    email: 'Mails to one address.',
    'client-ip':
      "One end user's IPv4 address or IPv6 network (/64): its registrations, or its wrong numbers.",
    tenant: "The whole tenant's registrations.",
    'miss-budget':
      "The tenant's wrong numbers in an hour. `verify` goes on working when `identityId` or `email` is given; in mode BOUND when `identityId` is.",
  },
})

@InterfaceType('Problem', {
  description: 'An expected outcome that is not a success. Every result union has members of this kind.',
  resolveType: (value: { __typename: string }) => value.__typename,
})
abstract class Problem {
  @Field(() => ProblemCode, {
    description: 'Which outcome it is, for programs to compare. It never changes; the message may.',
  })
  code!: ProblemCode

  @Field(() => String, { description: 'For developers: one sentence that says what to do.' })
  message!: string
}

@ObjectType('RateLimited', {
  implements: Problem,
  simpleResolvers: true,
  description: 'A limit was reached. Nothing was changed; a live number stays valid.',
})
export class RateLimited extends Problem {
  @Field(() => LimitKind, { description: 'Which limit was reached.' })
  limit!: (typeof LimitKind)[keyof typeof LimitKind]

  @Field(() => Int, { description: 'Seconds until a call can succeed again; at least 1.' })
  retryAfterSeconds!: number
}

@ObjectType('EmailRejected', {
  implements: Problem,
  simpleResolvers: true,
  description: 'The mail server refused the address for good. The identity is deleted, its mail not counted.',
})
export class EmailRejected extends Problem {}

@ObjectType('IdentityNotFound', {
  implements: Problem,
  simpleResolvers: true,
  description:
    'No live identity has this id: it was verified, replaced or revoked, it expired, or it never was.',
})
export class IdentityNotFound extends Problem {}

@ObjectType('WrongCredentials', {
  implements: Problem,
  simpleResolvers: true,
  description:
    'The one answer to a number that is unknown, used, expired, replaced or revoked, or that belongs to another `email` or `identityId`.',
})
export class WrongCredentials extends Problem {}
