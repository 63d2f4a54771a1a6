import { GraphQLDateTime } from 'graphql-scalars'
import { createUnionType, Field, ID, ObjectType } from 'type-graphql'
import type { Named, ProblemOutcomes } from '../graphql/outcomes/outcome.ts'
import { RateLimited, WrongCredentials } from '../graphql/outcomes/problem.types.ts'

@ObjectType('Session', { simpleResolvers: true, description: 'An admin who has signed in.' })
export class Session {
  @Field(() => ID, { description: 'Names the session; it opens nothing.' })
  id!: string

  @Field(() => String, { description: "The admin's address." })
  email!: string

  @Field(() => GraphQLDateTime, { description: 'When the admin signed in.' })
  createdAt!: string

  @Field(() => GraphQLDateTime, { description: 'When it ends in any case.' })
  expiresAt!: string

  @Field(() => GraphQLDateTime, { description: 'When it ends if nothing is asked in it.' })
  idleExpiresAt!: string

  @Field(() => ID, { nullable: true, description: 'The passkey that began it; null: a number by mail.' })
  passkeyId!: string | null
}

@ObjectType('SignedIn', {
  simpleResolvers: true,
  description: 'The session has begun; its secret is in a cookie that no script can read.',
})
export class SignedIn {
  @Field(() => Session, { description: 'The session that has begun.' })
  session!: Session
}

export const SignInResult = createUnionType({
  name: 'SignInResult',
  description: 'Result of `signIn`.',
  types: () => [SignedIn, WrongCredentials, RateLimited] as const,
})

export type SignInOutcome =
  | Named<'SignedIn', SignedIn>
  | ProblemOutcomes['WrongCredentials']
  | ProblemOutcomes['RateLimited']
