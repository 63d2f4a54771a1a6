import { type WebhookOutcome, webhookOutcome } from '@emailauth/contracts/webhook-deliveries'
import {
  type WebhookDisabledReason,
  type WebhookEventType,
  webhookDisabledReason,
} from '@emailauth/contracts/webhooks'
import { GraphQLDateTime } from 'graphql-scalars'
import { Field, ID, Int, ObjectType } from 'type-graphql'
import { EventTypes } from '../events/event.types.ts'
import { contractEnum } from '../graphql/contract-enum.ts'
import { type Connection, connectionOf } from '../graphql/lists/connection.ts'

export const WebhookDisabledReasons = contractEnum(webhookDisabledReason.options, {
  name: 'WebhookDisabledReason',
  description: 'Why an endpoint gets no events.',
  values: {
    manual: 'Somebody disabled the endpoint.',
    failing: 'For days nothing got through.',
    gone: 'The endpoint answered 410 Gone.',
  },
})

export const WebhookOutcomes = contractEnum(webhookOutcome.options, {
  name: 'WebhookOutcome',
  description: 'What came of an attempt.',
  values: {
    delivered: 'The endpoint answered 2xx.',
    retrying: 'The attempt failed, and there is another one.',
    failed: 'The last attempt failed; the event can be sent again.',
  },
})

@ObjectType('WebhookEndpoint', {
  simpleResolvers: true,
  description: 'A URL to which the events of a tenant are posted, signed. Its secret cannot be read.',
})
export class WebhookEndpoint {
  @Field(() => ID, { description: 'Names the endpoint, beginning `we_`.' })
  id!: string

  @Field(() => ID, { description: 'The tenant whose events it gets.' })
  tenantId!: string

  @Field(() => Int, { description: 'Grows with each change of the endpoint or its secrets.' })
  version!: number

  @Field(() => String, { description: 'Where events are posted; empty when it cannot be opened any more.' })
  url!: string

  @Field(() => String, { nullable: true, description: 'What it is for, in the words of who made it.' })
  description!: string | null

  @Field(() => [EventTypes], { nullable: true, description: 'Which events it gets; null: all of them.' })
  eventTypes!: WebhookEventType[] | null

  @Field(() => GraphQLDateTime, { description: 'When it was made.' })
  createdAt!: string

  @Field(() => GraphQLDateTime, { description: 'When it was last changed.' })
  updatedAt!: string

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Since when it gets nothing.' })
  disabledAt!: string | null

  @Field(() => WebhookDisabledReasons, { nullable: true, description: 'Why it gets nothing.' })
  disabledReason!: WebhookDisabledReason | null

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Until then the secret before signs beside the newest; null: the newest alone signs.',
  })
  previousSecretUntil!: string | null
}

@ObjectType('WebhookState', { simpleResolvers: true, description: 'State of an endpoint.' })
export class WebhookState {
  @Field(() => Int, { description: 'Events that wait for an attempt.' })
  waiting!: number

  @Field(() => Int, { description: 'Events that were given up within a week and can be sent again.' })
  failed!: number

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'The first failure since the last success; null while it works.',
  })
  failingSince!: string | null

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it last answered 2xx.' })
  lastSuccessAt!: string | null
}

@ObjectType('WebhookSecret', {
  simpleResolvers: true,
  description: 'The only answer that carries the secret of an endpoint.',
})
export class WebhookSecret {
  @Field(() => WebhookEndpoint, { description: 'The endpoint, as it is from now on.' })
  endpoint!: WebhookEndpoint

  @Field(() => String, { description: '`whsec_` and 32 bytes in base64. It cannot be read again.' })
  secret!: string
}

@ObjectType('WebhookAttempt', {
  simpleResolvers: true,
  description: 'One attempt to deliver one event to an endpoint.',
})
export class WebhookAttempt {
  @Field(() => ID, { description: 'The event, by its cursor; also the header `webhook-id`.' })
  eventId!: string

  @Field(() => String, { description: 'The type of the event, as its body says it.' })
  type!: string

  @Field(() => GraphQLDateTime, { description: 'When the attempt began.' })
  at!: string

  @Field(() => Int, { description: '1 for the first attempt of an event.' })
  attempt!: number

  @Field(() => WebhookOutcomes, { description: 'What came of it.' })
  outcome!: WebhookOutcome

  @Field(() => Int, { nullable: true, description: 'The HTTP status that was answered; null: none was.' })
  status!: number | null

  @Field(() => Int, { description: 'How long it took, in milliseconds.' })
  durationMs!: number

  @Field(() => String, { nullable: true, description: 'What went wrong, in a sentence.' })
  error!: string | null

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it is tried again, with RETRYING.' })
  nextAttemptAt!: string | null
}

export const WebhookAttemptConnection = connectionOf(WebhookAttempt, {
  name: 'WebhookAttempt',
  item: 'attempt',
  items: 'attempts',
  description: 'A page of attempts, newest first.',
})
export type WebhookAttemptConnection = Connection<WebhookAttempt>

export const WebhookEndpointConnection = connectionOf(WebhookEndpoint, {
  name: 'WebhookEndpoint',
  item: 'endpoint',
  items: 'endpoints',
  description: 'A page of webhook endpoints, by tenant, oldest first.',
})
export type WebhookEndpointConnection = Connection<WebhookEndpoint>
