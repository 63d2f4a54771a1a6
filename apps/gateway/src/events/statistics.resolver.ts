import { STEPS_MAX, type StatisticsStep } from '@emailauth/contracts/statistics'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { GraphQLDateTime } from 'graphql-scalars'
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql'
import { Allow, known, maySee } from '../access/access.ts'
import { checkTenantId } from '../graphql/input.ts'
import { Costs } from '../graphql/limits/field-cost.ts'
import type { EventContext } from './event.context.ts'
import { Statistics, StatisticsSteps } from './statistics.types.ts'

@Resolver()
export class StatisticsResolver {
  @Costs(() => STEPS_MAX)
  @Allow('ANY_KEY')
  @Query(() => Statistics, {
    description:
      "How often things happened, step by step, at most 400 of them. A tenant's key sees its own tenant's statistics, an admin key those of one tenant or of all together.",
  })
  async statistics(
    @Arg('from', () => GraphQLDateTime, { description: 'Rounded down to a whole step.' }) from: Date,
    @Arg('to', () => GraphQLDateTime, { nullable: true, description: 'Exclusive, rounded up. Default: now.' })
    to: Date | null | undefined,
    @Arg('step', () => StatisticsSteps, { defaultValue: 'hour', description: 'How long one step is.' })
    step: StatisticsStep,
    @Arg('tenantId', () => ID, { nullable: true, description: 'Of this tenant only.' })
    asked: string | null | undefined,
    @Ctx() { caller, services }: EventContext,
  ): Promise<Statistics> {
    const tenantId = checkTenantId('tenantId', asked)
    if (tenantId !== undefined && !maySee(caller, tenantId)) {
      throw new ProblemError('forbidden', 'This API key sees the statistics of its own tenant only.')
    }
    const { waitBoundsSeconds, deliveryBoundsSeconds, buckets } = await services.persistence.statistics({
      tenantId: known(caller).tenantId ?? tenantId,
      from: from.toISOString(),
      to: to?.toISOString(),
      step,
    })
    return {
      waitBoundsSeconds,
      deliveryBoundsSeconds,
      buckets: buckets.map(({ counts, ...bucket }) => ({
        ...bucket,
        counts: Object.entries(counts).map(([of, count]) => ({ of, count })),
      })),
    }
  }
}
