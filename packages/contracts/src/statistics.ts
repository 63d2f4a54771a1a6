import { z } from 'zod'
import { moment, tenantId } from './common.ts'
import { deliveryReason } from './delivery-reason.ts'
import { COUNTERS } from './event-types.ts'
import { identityEventType } from './events.ts'

export const counter = z.enum(COUNTERS)

/**
 * Upper bounds in seconds of the classes of the time from registration to verification. One more class has no
 * bound.
 */
export const WAIT_BOUNDS_SECONDS = [5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600] as const

/**
 * Upper bounds, in seconds, of the classes of the time from registration or resend to the relay's reply. The
 * last class is all that took longer.
 */
export const DELIVERY_BOUNDS_SECONDS = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800] as const

export const statisticsStep = z.enum(['minute', 'hour', 'day'])
export type StatisticsStep = z.infer<typeof statisticsStep>

/** Delivery problems: each recorded event of these types counts once, with its reason. */
export const problemEvent = identityEventType.extract(['deferred', 'bounced', 'rejected'])

export const problemCount = z
  .object({ event: problemEvent, reason: deliveryReason, count: z.number().int() })
  .meta({ id: 'ProblemCount' })
export type ProblemCount = z.infer<typeof problemCount>

/** Most steps in one reply. */
export const STEPS_MAX = 400

/** `GET /v1/statistics`: minutes are kept for a day, hours for a month, days for a year. All in UTC. */
export const statisticsQuery = z.object({
  tenantId: tenantId.optional().describe('Absent: all tenants together'),
  from: moment.describe('Rounded down to a whole step'),
  to: moment.optional().describe('Exclusive, rounded up; absent: now'),
  step: statisticsStep.default('hour'),
})
export type StatisticsQuery = z.infer<typeof statisticsQuery>

export const statisticsBucket = z
  .object({
    from: moment,
    counts: z.partialRecord(counter, z.number().int()).describe('What is absent did not happen'),
    waits: z.array(z.number().int()).length(WAIT_BOUNDS_SECONDS.length + 1),
    deliveries: z.array(z.number().int()).length(DELIVERY_BOUNDS_SECONDS.length + 1),
    problems: z.array(problemCount).describe('Delivery problems by reason; what is absent did not happen'),
  })
  .meta({ id: 'StatisticsBucket' })
export type StatisticsBucket = z.infer<typeof statisticsBucket>

export const statistics = z
  .object({
    step: statisticsStep,
    waitBoundsSeconds: z.array(z.number().int()),
    deliveryBoundsSeconds: z.array(z.number()),
    buckets: z.array(statisticsBucket).describe('Oldest first, one for each step, empty ones too'),
  })
  .meta({ id: 'Statistics' })
export type Statistics = z.infer<typeof statistics>
