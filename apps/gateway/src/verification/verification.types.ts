import { GraphQLDateTime } from 'graphql-scalars'
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql'
import type { Named, ProblemOutcomes } from '../graphql/outcomes/outcome.ts'
import { RateLimited, WrongCredentials } from '../graphql/outcomes/problem.types.ts'

@InputType('VerifyInput', { description: 'The number that a person brought back.' })
export class VerifyInput {
  @Field(() => String, {
    description: 'As typed or pasted: digits of any script; spaces, dashes and other marks are ignored.',
  })
  number!: string

  @Field(() => String, {
    nullable: true,
    description: 'The address that the person claims. When it is given it must be the one that was mailed.',
  })
  email?: string | null

  @Field(() => ID, {
    nullable: true,
    description:
      'The `identityId` that `register` gave; it must match when it is given. Best kept in the session that asked for the number.',
  })
  identityId?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      "The end user's IPv4 or IPv6 address as you see it, for the limit on wrong numbers. Ports, brackets and zones are read; what is no address shares one limit.",
  })
  clientIp?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Your own name for this call, 1 to 200 printable ASCII characters. Ask again with the same key within 60 s when the reply was lost: the answer is the same.',
  })
  idempotencyKey?: string | null
}

@ObjectType('Verified', {
  simpleResolvers: true,
  description: 'The number was right. It is used up, and all that was stored for it is deleted.',
})
class Verified {
  @Field(() => ID, { description: 'The `identityId` that `register` gave.' })
  identityId!: string

  @Field(() => String, { description: 'The address whose mailbox the person reads.' })
  email!: string

  @Field(() => String, { description: 'The text that `register` was given. It is answered once.' })
  token!: string

  @Field(() => GraphQLDateTime, { description: 'When `register` was called.' })
  registeredAt!: string
}

/** What `verify` can answer. */
export type VerifyOutcome = Named<'Verified', Verified> | ProblemOutcomes['WrongCredentials' | 'RateLimited']

export const VerifyResult = createUnionType({
  name: 'VerifyResult',
  description: 'What `verify` answers.',
  types: () => [Verified, WrongCredentials, RateLimited] as const,
})
