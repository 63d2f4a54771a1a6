import { GraphQLDateTime } from 'graphql-scalars'
import { createUnionType, Field, ID, ObjectType } from 'type-graphql'
import type { Named, ProblemOutcomes } from '../graphql/outcomes/outcome.ts'
import { WrongCredentials } from '../graphql/outcomes/problem.types.ts'

@ObjectType('Passkey', {
  simpleResolvers: true,
  description: 'A passkey (WebAuthn) with which an admin signs in.',
})
export class Passkey {
  @Field(() => ID, { description: 'Names the passkey; it opens nothing.' })
  id!: string

  @Field(() => String, { description: "The admin's address." })
  email!: string

  @Field(() => String, { description: 'What the admin calls it.' })
  name!: string

  @Field(() => GraphQLDateTime, { description: 'When it was added.' })
  createdAt!: string

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it last signed in; null: never.' })
  lastUsedAt!: string | null

  @Field(() => Boolean, {
    description: 'Whether it lies in a password manager, rather than in one device alone.',
  })
  isBackedUp!: boolean
}

export const AddPasskeyResult = createUnionType({
  name: 'AddPasskeyResult',
  description: 'Result of `addPasskey`.',
  types: () => [Passkey, WrongCredentials] as const,
})

export type AddPasskeyOutcome = Named<'Passkey', Passkey> | ProblemOutcomes['WrongCredentials']
