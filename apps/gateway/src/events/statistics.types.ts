import type { DeliveryReason } from '@emailauth/contracts/delivery-reason'
import { counter, statisticsStep } from '@emailauth/contracts/statistics'
import { GraphQLDateTime } from 'graphql-scalars'
import { Field, Float, Int, ObjectType } from 'type-graphql'
import { contractEnum } from '../graphql/contract-enum.ts'
import { DeliveryReasons } from './delivery-reason.types.ts'

/** The steps by their GraphQL names. */
export const StatisticsSteps = contractEnum(statisticsStep.options, {
  name: 'StatisticsStep',
  description: 'How long one step of the statistics is, in UTC.',
  values: { minute: 'Kept for a day.', hour: 'Kept for 32 days.', day: 'Kept for 400 days.' },
})

/** What is counted, by its GraphQL names. */
export const Counters = contractEnum(counter.options, {
  name: 'Counter',
  description: 'What is counted: each kind of event of an identity, and calls that a limit refused.',
  values: {
    registered: 'Identities that were registered.',
    sent: 'Mails that an SMTP server took.',
    deferred: 'Attempts to mail that failed and are repeated later.',
    bounced: 'Mails that came back.',
    rejected: 'Mails that were refused for good.',
    resent: 'Numbers that were mailed again.',
    verified: 'Numbers that were traded for their tokens.',
    missed: 'Wrong numbers that were tried.',
    burned: 'Identities that ended because of too many wrong numbers.',
    replaced: 'Identities that ended because their address was registered again.',
    revoked: 'Identities that were taken back.',
    expired: 'Identities whose number was not used in time.',
    limited: 'Calls that a limit refused.',
  },
})

@ObjectType('Count', { simpleResolvers: true, description: 'How often something happened.' })
export class Count {
  @Field(() => Counters, { description: 'What is counted.' })
  of!: string

  @Field(() => Int, { description: 'How often it happened.' })
  count!: number
}

@ObjectType('ProblemCount', {
  simpleResolvers: true,
  description: 'How often a mail had a problem for a reason.',
})
export class ProblemCount {
  @Field(() => Counters, { description: 'DEFERRED, BOUNCED or REJECTED.' })
  event!: string

  @Field(() => DeliveryReasons, { description: 'Why the mail had the problem.' })
  reason!: DeliveryReason

  @Field(() => Int, { description: 'How often it happened.' })
  count!: number
}

@ObjectType('StatisticsBucket', { simpleResolvers: true, description: 'The counts of one step.' })
export class StatisticsBucket {
  @Field(() => GraphQLDateTime, { description: 'When the step begins.' })
  from!: string

  @Field(() => [Count], { description: 'What happened at all.' })
  counts!: Count[]

  @Field(() => [Int], {
    description:
      'Verifications by the time they took: one count for each of `waitBoundsSeconds`, and one for all above.',
  })
  waits!: number[]

  @Field(() => [Int], {
    description:
      'Accepted mails by the time from registration or resend to the reply of the SMTP server: one count for each of `deliveryBoundsSeconds`, and one for all above.',
  })
  deliveries!: number[]

  @Field(() => [ProblemCount], {
    description:
      'Delivery problems by reason, exactly: of one event they add up to its count. What is absent did not happen.',
  })
  problems!: ProblemCount[]
}

@ObjectType('Statistics', { simpleResolvers: true, description: 'How often things happened.' })
export class Statistics {
  @Field(() => [Int], { description: 'Upper bounds, in seconds, of the classes of `waits`.' })
  waitBoundsSeconds!: number[]

  @Field(() => [Float], { description: 'Upper bounds, in seconds, of the classes of `deliveries`.' })
  deliveryBoundsSeconds!: number[]

  @Field(() => [StatisticsBucket], { description: 'Oldest first, one for each step, empty ones too.' })
  buckets!: StatisticsBucket[]
}
