import { GraphQLDateTime } from 'graphql-scalars'
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { type Connection, connectionOf } from '../graphql/lists/connection.ts'

@ObjectType('Suppression', {
  simpleResolvers: true,
  description:
    'An address that a tenant’s mails are not sent to: one came back, or an admin put it on the list.',
})
class Suppression {
  @Field(() => String, { description: 'The address to which no mail is sent.' })
  email!: string

  @Field(() => String, { description: 'Why, as the other side said it.' })
  reason!: string

  @Field(() => GraphQLDateTime, { description: 'When it was put on the list.' })
  suppressedAt!: string
}

export const SuppressionConnection = connectionOf(Suppression, {
  name: 'Suppression',
  item: 'address',
  items: 'addresses',
  description: 'A page of suppressed addresses, newest first.',
})
export type SuppressionConnection = Connection<Suppression>

@InputType('SuppressionInput', { description: 'An address that a tenant’s mails are not to be sent to.' })
export class SuppressionInput {
  @Field(() => String, {
    description: 'The address, also as lists have it: in angle brackets, with a name, as an IDN.',
  })
  email!: string

  @Field(() => String, {
    nullable: true,
    description: 'Why: at most 1,000 characters, of which 300 are kept. Default: `added by an admin`.',
  })
  reason?: string | null

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Since when, as another system has it. Default: now.',
  })
  suppressedAt?: Date | null
}

@InputType('SuppressAddressesInput', { description: 'Addresses to put on a tenant’s list.' })
export class SuppressAddressesInput {
  @Field(() => ID, { description: "The tenant's id." })
  tenantId!: string

  @Field(() => [SuppressionInput], { description: 'The addresses: 1 to 500.' })
  addresses!: SuppressionInput[]
}

@ObjectType('RefusedSuppression', { simpleResolvers: true, description: 'An address that was not added.' })
class RefusedSuppression {
  @Field(() => Int, { description: 'Where it stands in `addresses`, from 0.' })
  index!: number

  @Field(() => String, { description: 'Why, in one sentence.' })
  message!: string
}

@ObjectType('AddedSuppressions', {
  simpleResolvers: true,
  description: 'Result of adding addresses to the list.',
})
export class AddedSuppressions {
  @Field(() => Int, { description: 'How many are new on the list.' })
  added!: number

  @Field(() => Int, { description: 'How many were on it before; they stay as they are.' })
  known!: number

  @Field(() => [RefusedSuppression], { description: 'Those that were not added.' })
  refused!: RefusedSuppression[]
}
