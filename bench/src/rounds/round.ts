import { readMachineStat } from '../cpu/machine-stat.ts'
import { readProcessStat } from '../cpu/process-stat.ts'
import type { LoadJob, LoadResult } from '../load/load.ts'
import type { Child } from '../systems/child.ts'
import type { System } from '../systems/system.ts'

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
  const before = await readCounts(pids)
  const result = await runJob(load, job)
  return toRound(result, before, await readCounts(pids))
}

/**
 * Lets several load generators do one job each at the same time, and counts as `measureRound` does. The
 * operations are those of all of them; the latencies are those of the slowest.
 */
export async function measureTogether(
  jobs: readonly { readonly load: Child; readonly job: Omit<LoadJob, 'connections' | 'mostSeconds'> }[],
  pids: Readonly<Record<string, number>>,
): Promise<Round> {
  const before = await readCounts(pids)
  const results = await Promise.all(jobs.map(({ load, job }) => runJob(load, job)))
  const after = await readCounts(pids)
  const sum = (figure: (result: LoadResult) => number) => results.reduce((all, one) => all + figure(one), 0)
  const most = (figure: (result: LoadResult) => number) => Math.max(...results.map(figure))
  const together: LoadResult = {
    operations: sum(({ operations }) => operations),
    seconds: most(({ seconds }) => seconds),
    failures: 0,
    firstFailure: '',
    p50Ms: most(({ p50Ms }) => p50Ms),
    p99Ms: most(({ p99Ms }) => p99Ms),
    firstMs: most(({ firstMs }) => firstMs),
    cpuMicros: sum(({ cpuMicros }) => cpuMicros),
  }
  return toRound(together, before, after)
}

async function runJob(load: Child, job: Omit<LoadJob, 'connections' | 'mostSeconds'>): Promise<LoadResult> {
  const result = await load.ask<LoadResult>({ ...job, connections: CONNECTIONS, mostSeconds: MOST_SECONDS })
  const { operations, failures, firstFailure } = result
  if (failures > 0)
    throw new Error(`${failures} of ${operations} replies were wrong; the first: ${firstFailure}`)
  if (operations === 0) throw new Error('Not one operation was done.')
  return result
}

interface Counts {
  readonly cpuMicros: Readonly<Record<string, number>>
  readonly machine: Awaited<ReturnType<typeof readMachineStat>>
}

async function readCounts(pids: Readonly<Record<string, number>>): Promise<Counts> {
  return { cpuMicros: await readCpu(pids), machine: await readMachineStat() }
}

function toRound(result: LoadResult, before: Counts, after: Counts): Round {
  const { operations, cpuMicros } = result
  const spent = Object.entries(after.cpuMicros).map(
    ([name, micros]) => [name, micros - (before.cpuMicros[name] ?? 0)] as const,
  )
  const ours = spent.reduce((sum, [, micros]) => sum + micros, cpuMicros)
  const busy = after.machine.busyMicros - before.machine.busyMicros
  const idle = after.machine.idleMicros - before.machine.idleMicros
  return {
    ...result,
    cpuPerOperation: Object.fromEntries([
      ...spent.map(([name, micros]) => [name, micros / operations]),
      ['load generator', cpuMicros / operations],
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
