import { GraphQLDateTime } from 'graphql-scalars'
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { type Edge, edgeOf } from '../graphql/lists/connection.ts'
import { PageInfo } from '../graphql/lists/page-info.types.ts'
import { DeliveryStates } from '../registration/registration.types.ts'
import type { DeliveryState } from '../services/mailer/delivery-state.ts'

@ObjectType('Delivery', { simpleResolvers: true, description: "Delivery of an identity's mail." })
export class Delivery {
  @Field(() => DeliveryStates, { description: 'Its current state.' })
  state!: DeliveryState

  @Field(() => Int, { description: 'How often the mail was tried so far.' })
  attempts!: number

  @Field(() => String, {
    nullable: true,
    description: "The mail server's last reply, or why there was none; null when neither is known.",
  })
  reason!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Host and port of the SMTP server that was asked last; null when none was.',
  })
  relay!: string | null

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When the state last changed.' })
  updatedAt!: string | null

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When it is tried again, while it is QUEUED.',
  })
  nextAttemptAt!: string | null
}

@ObjectType('Identity', {
  simpleResolvers: true,
  description:
    'What is kept for one address while it waits to be verified. Neither number nor token can be read.',
})
export class Identity {
  @Field(() => ID, { description: 'Its id: the `identityId` that `register` gave.' })
  id!: string

  @Field(() => String, { description: 'The address that was mailed.' })
  email!: string

  @Field(() => GraphQLDateTime, { description: 'When it was registered.' })
  createdAt!: string

  @Field(() => GraphQLDateTime, { description: 'When its number expires.' })
  expiresAt!: string

  /** `tenant` is resolved from it. */
  tenantId!: string
}

const IdentityEdge = edgeOf(Identity, 'Identity', 'identity')

@ObjectType('IdentityConnection', {
  simpleResolvers: true,
  description: 'A page of identities, newest first.',
})
export class IdentityConnection {
  @Field(() => [IdentityEdge], { description: 'The identities with their cursors.' })
  edges!: Edge<Identity>[]

  @Field(() => [Identity], { description: 'The identities alone.' })
  nodes!: Identity[]

  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  pageInfo!: PageInfo

  @Field(() => Int, {
    description: 'All live identities of the tenant or tenants asked for, whatever else the filter says.',
  })
  totalCount!: number

  @Field(() => Int, {
    nullable: true,
    description:
      'With `domain` or `delivery`: how many live identities were read for this page. Summed up over the pages, it is the progress towards `totalCount`.',
  })
  scannedCount!: number | null
}

@InputType('IdentityFilter', { description: 'Which identities to list. All that is given must match.' })
export class IdentityFilter {
  @Field(() => ID, {
    nullable: true,
    description: "Of this tenant only. A tenant's key sees its own in any case.",
  })
  tenantId?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Of exactly this address, however its domain is written.',
  })
  email?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Of addresses at exactly this domain, however it is written. It is searched for: a page reads at most 5,000 identities, and may be short or empty although more follow (`hasNextPage`).',
  })
  domain?: string | null

  @Field(() => DeliveryStates, { nullable: true, description: 'Only those whose mail is in this state.' })
  delivery?: DeliveryState | null

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Registered not before this moment.' })
  from?: Date | null

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Registered before this moment.' })
  to?: Date | null
}
