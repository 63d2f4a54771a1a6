import type { TimeRange } from '@emailauth/contracts/common'
import { GraphQLDateTime } from 'graphql-scalars'
import { ArgsType, Field } from 'type-graphql'
import { badInput } from '../input.ts'

/** From when until when; either end may be open. */
@ArgsType()
export class TimeRangeArgs {
  @Field(() => GraphQLDateTime, { nullable: true, description: 'Not before this moment. Default: no bound.' })
  from?: Date | null

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Before this moment. Default: no bound.' })
  to?: Date | null
}

interface GivenRange {
  readonly from?: Date | null | undefined
  readonly to?: Date | null | undefined
}

const HELP = { to: 'must be after `from`.' }

/**
 * The range as moments in UTC, each only where it was given.
 * @throws {ProblemError} `bad-input` when the range is empty.
 */
export function checkTimeRange({ from, to }: GivenRange): TimeRange {
  if (from && to && from.getTime() >= to.getTime()) throw badInput('to', HELP)
  return {
    ...(from ? { from: from.toISOString() } : {}),
    ...(to ? { to: to.toISOString() } : {}),
  }
}
