import {
  counter,
  DELIVERY_BOUNDS_SECONDS,
  type ProblemCount,
  problemCount,
  STEPS_MAX,
  type Statistics,
  type StatisticsBucket,
  type StatisticsQuery,
  WAIT_BOUNDS_SECONDS,
} from '@emailauth/contracts/statistics'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { inSlices } from '@emailauth/service/timing/in-slices'
import type { Tenants } from '../calls/tenants.ts'
import { nowArgument, runQuery, type StoreContext } from '../store/partition.ts'
import type { StepCounts } from '../store/read-replies.ts'
import { scripts } from '../store/scripts.ts'

/** Reads the counts, step by step, of one tenant or of all together. */
export type ReadStatistics = (query: StatisticsQuery) => Promise<Statistics>

/** Partitions that are read before other calls get a turn. */
const PARTITIONS_AT_ONCE = 16
const STEP_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/** @param time of Redis, which counts by it */
export function createReadStatistics(
  context: StoreContext,
  tenants: Pick<Tenants, 'ids'>,
  time: () => number,
): ReadStatistics {
  return async ({ tenantId, from, to, step }) => {
    const stepMs = STEP_MS[step]
    const first = Math.floor(Date.parse(from) / stepMs)
    const end = Math.ceil((to === undefined ? time() + 1 : Date.parse(to)) / stepMs)
    const many = end - first
    if (many < 1 || many > STEPS_MAX) {
      throw new ProblemError(
        'bad-input',
        `From "from" to "to" may be 1 to ${STEPS_MAX} steps; these are ${many}.`,
        {
          field: 'from',
        },
      )
    }
    const tenantIds = tenantId === undefined ? await tenants.ids() : [tenantId]
    const locations = tenantIds.flatMap((id) =>
      Array.from({ length: context.partitions }, (_, partition) => ({ tenantId: id, partition })),
    )
    const parts = await inSlices(locations, PARTITIONS_AT_ONCE, (at) =>
      runQuery(context, scripts.statistics, at, { now: nowArgument(context), step, first, many }),
    )
    const buckets = Array.from({ length: many }, (_, i) => emptyBucket((first + i) * stepMs))
    for (const { step: which, counts } of parts.flat()) {
      const bucket = buckets[which - first]
      if (bucket !== undefined) addUp(bucket, counts)
    }
    return { step, ...BOUNDS, buckets }
  }
}

const BOUNDS = {
  waitBoundsSeconds: [...WAIT_BOUNDS_SECONDS],
  deliveryBoundsSeconds: [...DELIVERY_BOUNDS_SECONDS],
}

function emptyBucket(fromMs: number): StatisticsBucket {
  return {
    from: new Date(fromMs).toISOString(),
    counts: {},
    waits: Array(WAIT_BOUNDS_SECONDS.length + 1).fill(0),
    deliveries: Array(DELIVERY_BOUNDS_SECONDS.length + 1).fill(0),
    problems: [],
  }
}

/**
 * Adds counts to a bucket. A field is a kind of event, or the class of a time: `t1`,
 * `t2`, … of verifications, `s1`, `s2`, … of deliveries, or a delivery problem such as
 * `deferred:blocked`.
 */
function addUp({ counts, waits, deliveries, problems }: StatisticsBucket, of: StepCounts['counts']): void {
  for (const [name, count] of of) {
    const [, prefix, slot] = /^([ts])(\d+)$/.exec(name) ?? []
    const kind = counter.safeParse(name).data
    if (slot !== undefined) {
      const times = prefix === 't' ? waits : deliveries
      times[Number(slot) - 1] = (times[Number(slot) - 1] ?? 0) + count
    } else if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + count
    else if (name.includes(':')) addProblem(problems, name, count)
  }
}

function addProblem(problems: ProblemCount[], name: string, count: number): void {
  const [event, reason] = name.split(':')
  const found = problems.find((one) => one.event === event && one.reason === reason)
  if (found !== undefined) found.count += count
  else {
    // A later version may count by reasons that this one does not know.
    const { data } = problemCount.safeParse({ event, reason, count })
    if (data !== undefined) problems.push(data)
  }
}
