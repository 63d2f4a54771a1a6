import type { DeliveryReason } from '@emailauth/contracts/delivery-reason'
import { actor, eventType } from '@emailauth/contracts/events'
import { GraphQLDateTime } from 'graphql-scalars'
import { Field, ID, ObjectType } from 'type-graphql'
import { contractEnum } from '../graphql/contract-enum.ts'
import { type Connection, connectionOf } from '../graphql/lists/connection.ts'
import { DeliveryReasons } from './delivery-reason.types.ts'

/** The kinds of events by their GraphQL names. */
export const EventTypes = contractEnum(eventType.options, {
  name: 'EventType',
  description: 'What happened. New types may be added.',
  values: {
    registered: 'A number was generated for an address.',
    resent: 'The same number was mailed again.',
    sent: 'The SMTP server has accepted the mail.',
    deferred: 'The mail waits in the queue and is tried again.',
    bounced: 'The mail was accepted, and came back later.',
    rejected: 'The SMTP server refused the mail for good; the identity is gone.',
    verified: 'The number was traded for the token; the identity is gone.',
    missed: 'A wrong number was tried; with an identity when one was meant.',
    burned: 'Too many wrong numbers were tried; the identity is gone.',
    replaced: 'The address was registered again; this identity is gone.',
    revoked: 'The identity was taken back.',
    expired: 'The number was not used in time; the identity is gone.',
    'misses.high': "Half of the tenant's budget of wrong numbers in an hour is used up.",
    'registrations.limited': "The tenant's rate of registrations was reached.",
    'webhook.disabled':
      'A webhook endpoint gets no more events: nothing got through for days, or it answered 410 Gone.',
    'tenant.created': 'An admin made a tenant.',
    'tenant.updated': 'An admin changed a tenant.',
    'tenant.risk-changed': 'An admin changed the risk that a tenant accepts.',
    'tenant.mail-changed': 'An admin changed the sender, look or SMTP server of a tenant’s mails.',
    'tenant.disabled': 'An admin stopped a tenant.',
    'tenant.enabled': 'An admin let a tenant work again.',
    'tenant.deleted': 'An admin deleted a tenant.',
    'key.created': 'An admin made an API key.',
    'key.rotated': 'An admin replaced an API key.',
    'key.revoked': 'An admin revoked an API key.',
    'identity.revoked': 'An admin revoked an identity.',
    'session.created': 'An admin signed in.',
    'session.revoked': 'A session was ended.',
    'passkey.created': 'An admin registered a passkey.',
    'passkey.renamed': 'An admin named a passkey.',
    'passkey.removed': 'An admin removed a passkey.',
    'mail.tested': 'An admin sent a mail with a sample number to an address, or connected to a relay.',
    'messages.retried': 'An admin had mails that wait tried at once.',
    'message.dropped': 'An admin gave up a mail that waited.',
    'suppression.added': 'An admin put addresses on the list of those that no mail is sent to.',
    'suppression.cleared': 'An admin took an address off the list of those that no mail is sent to.',
    'webhook.created': 'Somebody made a webhook endpoint.',
    'webhook.updated': 'Somebody changed a webhook endpoint.',
    'webhook.secret-rotated': 'Somebody gave a webhook endpoint a new secret.',
    'webhook.deleted': 'Somebody deleted a webhook endpoint.',
    'webhook.replayed': 'Somebody had events sent to a webhook endpoint again.',
    'webhook.tested': 'Somebody had a test event sent to a webhook endpoint.',
  },
})

/** Who did something, by its GraphQL names. */
const ActorKinds = contractEnum(actor.shape.kind.options, {
  name: 'ActorKind',
  description: 'Whether a key, an admin or the system caused an event.',
  values: {
    'api-key': 'The holder of an API key.',
    admin: 'An admin who had signed in.',
    system: 'emailauth itself, such as when a number expires.',
  },
})

@ObjectType('Actor', { simpleResolvers: true, description: 'Who caused an event.' })
export class Actor {
  @Field(() => ActorKinds, { description: 'Whether a key, an admin or the system did it.' })
  kind!: (typeof ActorKinds)[keyof typeof ActorKinds]

  @Field(() => ID, { description: "The API key's id, or the admin's address." })
  id!: string
}

@ObjectType('EventChange', {
  simpleResolvers: true,
  description: 'One changed setting of a tenant. A value that is no text is JSON.',
})
export class EventChange {
  @Field(() => String, { description: 'Which setting, such as `settings.ttlSeconds`.' })
  field!: string

  @Field(() => String, { nullable: true, description: 'Its value before; null: it was not set.' })
  before!: string | null

  @Field(() => String, { nullable: true, description: 'Its value since; null: it is not set any more.' })
  after!: string | null
}

@ObjectType('Event', {
  simpleResolvers: true,
  description: 'Something that happened. It contains neither number nor token.',
})
export class Event {
  @Field(() => String, {
    description: 'Its position in the order of events; give it as `after` to go on from here.',
  })
  cursor!: string

  @Field(() => EventTypes, { description: 'What happened.' })
  type!: string

  @Field(() => GraphQLDateTime, { description: 'When. An expiry is reported within seconds.' })
  at!: string

  @Field(() => ID, { nullable: true, description: 'The tenant that it is about.' })
  tenantId!: string | null

  @Field(() => ID, { nullable: true, description: 'The identity that it is about; it may be gone by now.' })
  identityId!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The address, with REGISTERED and RESENT, and with what an admin does about one.',
  })
  email!: string | null

  @Field(() => Actor, { nullable: true, description: 'Who did it, with what admins do.' })
  actor!: Actor | null

  @Field(() => String, { nullable: true, description: 'What it was done to, with what admins do.' })
  target!: string | null

  @Field(() => [EventChange], {
    nullable: true,
    description: 'What was changed of a tenant or of a webhook endpoint.',
  })
  changes!: EventChange[] | null

  @Field(() => String, {
    nullable: true,
    description: 'Host and port of the SMTP server, with SENT, DEFERRED, BOUNCED and REJECTED.',
  })
  relay!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'What that server replied, its first 300 characters; never number or address.',
  })
  reply!: string | null

  @Field(() => DeliveryReasons, {
    nullable: true,
    description: 'The class of what went wrong, with DEFERRED, BOUNCED and REJECTED.',
  })
  reason!: DeliveryReason | null

  @Field(() => String, {
    nullable: true,
    description: 'The request that registered or resent, as `x-request-id` named it.',
  })
  requestId!: string | null
}

export const EventConnection = connectionOf(Event, {
  name: 'Event',
  item: 'event',
  items: 'events',
  description: 'A page of events, newest first.',
})
export type EventConnection = Connection<Event>
