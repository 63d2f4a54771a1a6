import { GraphQLDateTime } from 'graphql-scalars'
import { Field, ObjectType } from 'type-graphql'
import { PageInfo } from '../identities/identity.types.ts'

@ObjectType('Suppression', {
  simpleResolvers: true,
  description: 'An address that came back, so that a tenant’s mails are not sent to it any more.',
})
class Suppression {
  @Field(() => String, { description: 'The address.' })
  email!: string

  @Field(() => String, { description: 'Why, as the other side said it.' })
  reason!: string

  @Field(() => GraphQLDateTime, { description: 'Since when.' })
  suppressedAt!: string
}

@ObjectType('SuppressionConnection', {
  simpleResolvers: true,
  description: 'A page of suppressed addresses, newest first.',
})
export class SuppressionConnection {
  @Field(() => [Suppression], { description: 'The addresses.' })
  nodes!: Suppression[]

  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  pageInfo!: PageInfo
}
