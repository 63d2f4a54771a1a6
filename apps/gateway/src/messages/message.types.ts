import type { DeliveryReason } from '@emailauth/contracts/delivery-reason'
import { type MessageState, messageState } from '@emailauth/contracts/messages'
import { GraphQLDateTime } from 'graphql-scalars'
import { Field, ID, Int, ObjectType } from 'type-graphql'
import { DeliveryReasons } from '../events/delivery-reason.types.ts'
import { contractEnum } from '../graphql/contract-enum.ts'
import { type Connection, connectionOf } from '../graphql/lists/connection.ts'

/** The states of messages by their GraphQL names. */
export const MessageStates = contractEnum(messageState.options, {
  name: 'MessageState',
  description: 'State of one mail.',
  values: {
    queued: 'It is being handed over.',
    deferred:
      'The last attempt failed for a reason that may pass; it is tried again while the number is valid.',
    sent: 'The SMTP server has accepted it.',
    bounced: 'It was accepted, and came back later.',
    rejected: 'The SMTP server refused it for good, or the address is suppressed.',
    expired: 'The number expired first.',
    dropped: 'The number was used, replaced or revoked first.',
  },
})

@ObjectType('Message', {
  simpleResolvers: true,
  description: 'A mail with a number; the number itself cannot be read.',
})
export class Message {
  @Field(() => ID, { description: 'Its id; an identity whose number was mailed again has several messages.' })
  messageId!: string

  @Field(() => ID, { description: 'The identity whose number it carries; it may be gone by now.' })
  identityId!: string

  @Field(() => MessageStates, { description: 'Whether the mail waits, was sent, or failed for good.' })
  state!: MessageState

  @Field(() => Int, { description: 'How often it was tried.' })
  attempts!: number

  @Field(() => GraphQLDateTime, { description: 'When its state changed.' })
  updatedAt!: string

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it is tried again, with DEFERRED.' })
  nextAttemptAt!: string | null

  @Field(() => String, {
    nullable: true,
    description: "The SMTP server's last reply, or why there was none.",
  })
  reply!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Host and port of the SMTP server that was asked last; null when none was.',
  })
  relay!: string | null

  @Field(() => DeliveryReasons, {
    nullable: true,
    description: 'Why it is DEFERRED, BOUNCED or REJECTED; null in the other states.',
  })
  reason?: DeliveryReason | undefined

  @Field(() => String, {
    nullable: true,
    description:
      "The SMTP server's own id of the mail that it took, which its log and its support know; null where it named none.",
  })
  providerId!: string | null
}

export const MessageConnection = connectionOf(Message, {
  name: 'Message',
  item: 'message',
  items: 'messages',
  description: 'A page of messages, latest change first. A page may be short although there are more.',
})
export type MessageConnection = Connection<Message>

@ObjectType('MessageCount', { simpleResolvers: true, description: 'How many messages reached a state.' })
export class MessageCount {
  @Field(() => MessageStates, { description: 'The state that is counted.' })
  state!: MessageState

  @Field(() => Int, { description: 'How many messages are in it, or reached it.' })
  count!: number
}
