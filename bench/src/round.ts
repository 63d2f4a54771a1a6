import type { Child } from './child.ts'
import type { LoadJob, LoadResult } from './load.ts'
import { readMachineStat } from './machine-stat.ts'
import { readProcessStat } from './process-stat.ts'
import type { System } from './system.ts'

/** As many calls as are under way at any moment. */
export const CONNECTIONS = 64
/** A round that takes longer is cut short. */
const MOST_SECONDS = 10

/** One job that was measured. */
export interface Round extends LoadResult {
  /** Microseconds of CPU for each operation, by process. */
  readonly cpuPerOperation: Readonly<Record<string, number>>
  /** Share of the machine's CPU used by other programs, 0 to 1. On a quiet machine it is near zero. */
  readonly otherWork: number
}

/** The processes whose CPU time is counted. */
export function processIds(system: System): Readonly<Record<string, number>> {
  const { gateway, persistence, mailer, redis, sink, yardstick } = system
  const services =
    gateway === persistence
      ? { serve: gateway.pid }
      : { gateway: gateway.pid, persistence: persistence.pid, mailer: mailer.pid }
  return {
    ...services,
    redis: redis.pid,
    'smtp sink': sink.pid,
    yardstick: yardstick.pid,
  }
}

/**
 * Lets the load generator do one job, and counts what each process spent on it.
 * @throws {Error} when any reply was not as expected: a result with failures says nothing.
 */
export async function measureRound(
  load: Child,
  job: Omit<LoadJob, 'connections' | 'mostSeconds'>,
  pids: Readonly<Record<string, number>>,
): Promise<Round> {
  const [before, machineBefore] = [await readCpu(pids), await readMachineStat()]
  const result = await load.ask<LoadResult>({ ...job, connections: CONNECTIONS, mostSeconds: MOST_SECONDS })
  const [after, machineAfter] = [await readCpu(pids), await readMachineStat()]
  const { operations, failures, firstFailure } = result
  if (failures > 0)
    throw new Error(`${failures} of ${operations} replies were wrong; the first: ${firstFailure}`)
  if (operations === 0) throw new Error('Not one operation was done.')
  const spent = Object.keys(pids).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const)
  const ours = spent.reduce((sum, [, micros]) => sum + micros, result.cpuMicros)
  const busy = machineAfter.busyMicros - machineBefore.busyMicros
  const idle = machineAfter.idleMicros - machineBefore.idleMicros
  return {
    ...result,
    cpuPerOperation: Object.fromEntries([
      ...spent.map(([name, micros]) => [name, micros / operations]),
      ['load generator', result.cpuMicros / operations],
    ]),
    otherWork: Math.max(0, busy - ours) / Math.max(1, busy + idle),
  }
}

async function readCpu(pids: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const read = Object.entries(pids).map(
    async ([name, pid]) => [name, (await readProcessStat(pid, 'with children')).cpuMicros] as const,
  )
  return Object.fromEntries(await Promise.all(read))
}
