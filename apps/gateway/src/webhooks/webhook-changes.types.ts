import { OVERLAP_DEFAULT_SECONDS, OVERLAP_RANGE } from '@emailauth/contracts/overlap'
import { GraphQLDateTime } from 'graphql-scalars'
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { EventTypes } from '../events/event.types.ts'
import { WebhookAttempt, WebhookEndpoint } from './webhook.types.ts'

@InputType('CreateWebhookEndpointInput', { description: 'An endpoint to make.' })
export class CreateWebhookEndpointInput {
  @Field(() => ID, {
    nullable: true,
    description: "The tenant whose events it gets. Default: the key's own; an admin must name one.",
  })
  tenantId?: string | null

  @Field(() => String, { description: 'An https URL without user, password or fragment.' })
  url!: string

  @Field(() => String, { nullable: true, description: 'What it is for: 1 to 80 characters.' })
  description?: string | null

  @Field(() => [EventTypes], { nullable: true, description: 'Of these types only. Default: all of them.' })
  eventTypes?: string[] | null
}

@InputType('UpdateWebhookEndpointInput', {
  description: 'What to change of an endpoint. What is absent stays as it is.',
})
export class UpdateWebhookEndpointInput {
  @Field(() => ID, { description: "The endpoint's id." })
  id!: string

  @Field(() => String, { nullable: true, description: 'Another URL; it holds for what waits too.' })
  url?: string | null

  @Field(() => String, { nullable: true, description: 'What it is for; null: nothing is said.' })
  description?: string | null

  @Field(() => [EventTypes], { nullable: true, description: 'Of these types only; null: all of them.' })
  eventTypes?: string[] | null

  @Field(() => Boolean, {
    nullable: true,
    description:
      'false: it gets no more events, and what waits is given up. true: it gets what happens from now on.',
  })
  enabled?: boolean | null

  @Field(() => Int, {
    nullable: true,
    description:
      'The `version` that the change was made from. When it is another one by now, nothing is done: BAD_USER_INPUT with `extensions.currentVersion`. Default: the change takes effect in any case.',
  })
  ifVersion?: number | null
}

@InputType('ReplayWebhookEventsInput', {
  description: 'Which events to send again: some by their ids, or all that were given up since a moment.',
})
export class ReplayWebhookEventsInput {
  @Field(() => ID, { description: "The endpoint's id." })
  endpointId!: string

  @Field(() => [ID], { nullable: true, description: 'Ids of 1 to 50 events, in any state.' })
  eventIds?: string[] | null

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'All that were given up since then, at most 1,000 in a call.',
  })
  failedSince?: Date | null
}

@InputType('DeleteWebhookEndpointInput', { description: 'An endpoint to delete.' })
export class DeleteWebhookEndpointInput {
  @Field(() => ID, { description: "The endpoint's id." })
  id!: string
}

@InputType('RotateWebhookSecretInput', { description: 'An endpoint to give a new secret.' })
export class RotateWebhookSecretInput {
  @Field(() => ID, { description: "The endpoint's id." })
  id!: string

  @Field(() => Int, {
    defaultValue: OVERLAP_DEFAULT_SECONDS,
    description: `How long the secret before goes on signing: ${OVERLAP_RANGE}. 0: it was stolen.`,
  })
  overlapSeconds!: number
}

@InputType('SendTestEventInput', { description: 'An endpoint to try.' })
export class SendTestEventInput {
  @Field(() => ID, { description: "The endpoint's id." })
  endpointId!: string
}

@ObjectType('UpdatedWebhookEndpoint', { simpleResolvers: true, description: 'An endpoint that was changed.' })
export class UpdatedWebhookEndpoint {
  @Field(() => WebhookEndpoint, {
    nullable: true,
    description: 'As it is now; null when there is none of this id.',
  })
  endpoint!: WebhookEndpoint | null
}

@ObjectType('DeletedWebhookEndpoint', { simpleResolvers: true, description: 'An endpoint that was deleted.' })
export class DeletedWebhookEndpoint {
  @Field(() => Boolean, { description: 'false: there was none of this id.' })
  deleted!: boolean
}

@ObjectType('RotatedWebhookSecret', {
  simpleResolvers: true,
  description: 'The new secret of an endpoint. No other answer carries it.',
})
export class RotatedWebhookSecret {
  @Field(() => WebhookEndpoint, {
    nullable: true,
    description: 'The endpoint; null when there is none of this id.',
  })
  endpoint!: WebhookEndpoint | null

  @Field(() => String, { nullable: true, description: '`whsec_` and 32 bytes in base64; null as above.' })
  secret!: string | null
}

@ObjectType('ReplayedWebhookEvents', { simpleResolvers: true, description: 'Events that are sent again.' })
export class ReplayedWebhookEvents {
  @Field(() => [ID], { nullable: true, description: 'Their ids; null when there is no such endpoint.' })
  eventIds!: readonly string[] | null
}

@ObjectType('SentTestEvent', { simpleResolvers: true, description: 'A test event that was posted.' })
export class SentTestEvent {
  @Field(() => WebhookAttempt, {
    nullable: true,
    description: 'What came of it; null when there is no such endpoint.',
  })
  attempt!: WebhookAttempt | null
}
