import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type ProcessStat, readProcessStat } from './cpu/process-stat.ts'
import type { LoadResult } from './load/load.ts'
import { type Job, registerJob, verifyJob } from './load/operations.ts'
import { createPeople } from './load/people.ts'
import { CONNECTIONS, processIds } from './rounds/round.ts'
import { median } from './rounds/statistics.ts'
import { cleanRun } from './systems/clean-run.ts'
import { type Cleanup, createCleanup } from './systems/cleanup.ts'
import { servicesOf } from './systems/other-build.ts'
import { type System, startSystem } from './systems/system.ts'

const USAGE = `Usage: pnpm bench:start [options]

How a fresh system begins: its start, the latencies of its first second, and its memory after load.

  --starts N        systems that are started, one after the other (default 5)
  --build FOLDER    a built checkout whose services are started instead of these
  --compare FOLDER  a built checkout whose services are started in turns with these
  --serve           the three services in one process
  --brief           without memory, which takes half a minute of each start
`

/** More than a system does in a second. */
const VALUES = 20_000
/** Registers before memory is read. */
const LOAD = 30_000
const MIB = 1024 * 1024
/** A service gives memory back when it has been at rest for ten seconds. */
const REST_MS = 25_000

/** What one start shows: values by their label. */
type Begin = ReadonlyMap<string, number>

interface Build {
  /** At the head of its column. */
  readonly name: string
  readonly services: URL | undefined
}

interface BeginOptions {
  readonly services: URL | undefined
  readonly serveProcesses: 1 | undefined
  readonly brief: boolean
}

await cleanRun(main)

async function main(cleanup: Cleanup): Promise<void> {
  const { values } = parseArgs({
    options: {
      starts: { type: 'string', default: '5' },
      build: { type: 'string' },
      compare: { type: 'string' },
      serve: { type: 'boolean', default: false },
      brief: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const starts = Number(values.starts)
  if (values.help || !Number.isInteger(starts) || starts < 1) {
    process.stdout.write(USAGE)
    return
  }
  const { build, compare, brief } = values
  const { services: ours } = await servicesOf(build)
  const { services: others } = await servicesOf(compare)
  const builds: Build[] = [
    ...(others === undefined ? [] : [{ name: 'other', services: others }]),
    { name: 'this', services: ours },
  ]
  const begins = builds.map((): Begin[] => [])
  for (let start = 0; start < starts; start++)
    for (const [i, { services }] of builds.entries()) {
      const options = { services, serveProcesses: values.serve ? 1 : undefined, brief } as const
      begins[i]?.push(await begin(cleanup, options))
    }
  process.stdout.write(`${starts} starts, medians; ${CONNECTIONS} connections\n`)
  writeLine(
    '',
    builds.map(({ name }) => name),
  )
  for (const label of begins[0]?.[0]?.keys() ?? [])
    writeLine(
      label,
      begins.map((of) => median(of.map((each) => each.get(label) ?? 0)).toFixed(1)),
    )
}

function writeLine(label: string, cells: readonly string[]): void {
  process.stdout.write(`${label.padEnd(50)}${cells.map((cell) => cell.padStart(12)).join('')}\n`)
}

/** One system from its start. Verifies come second: services are warm by then, and their own code is not. */
async function begin(cleanup: Cleanup, { services, serveProcesses, brief }: BeginOptions): Promise<Begin> {
  const people = createPeople()
  const own = createCleanup()
  cleanup.keep(own, (inner) => inner.run())
  try {
    const measured = new Map<string, number>()
    const system = await startSystem(own, {
      appendOnly: false,
      serveProcesses,
      ...(services === undefined ? {} : { services }),
    })
    for (const [name, ms] of Object.entries(system.startMs)) measured.set(`start of ${name}, ms`, ms)
    await addSecond(measured, system, 'register', registerJob(system, people(VALUES)))
    const registered = people(VALUES)
    const numbers = await system.api.register(registered)
    await addSecond(measured, system, 'verify', verifyJob(system, numbers, registered))
    if (brief) return measured
    await run(system, registerJob(system, people(LOAD)), 60)
    await addMemory(measured, system, `after ${LOAD} registers`)
    await wait(REST_MS)
    await addMemory(measured, system, 'at rest')
    return measured
  } finally {
    await own.run()
  }
}

async function addSecond(
  measured: Map<string, number>,
  system: System,
  operation: string,
  job: Job,
): Promise<void> {
  const before = await readStats(system)
  const { operations, p50Ms, p99Ms, firstMs } = await run(system, job, 1)
  const after = await readStats(system)
  measured.set(`first second of ${operation}: done`, operations)
  measured.set(`  first reply on each connection to ${operation}, ms`, firstMs)
  measured.set(`  p50 of ${operation}, ms`, p50Ms)
  measured.set(`  p99 of ${operation}, ms`, p99Ms)
  for (const [name, { cpuMicros }] of Object.entries(after))
    measured.set(
      `  CPU of ${name} for a ${operation}, µs`,
      (cpuMicros - (before[name]?.cpuMicros ?? 0)) / operations,
    )
}

async function run({ load }: System, job: Job, mostSeconds: number): Promise<LoadResult> {
  const result = await load.ask<LoadResult>({ ...job, connections: CONNECTIONS, mostSeconds })
  if (result.failures > 0) throw new Error(`${result.failures} replies were wrong: ${result.firstFailure}`)
  return result
}

async function addMemory(measured: Map<string, number>, system: System, when: string): Promise<void> {
  for (const [name, { rssBytes }] of Object.entries(await readStats(system)))
    measured.set(`memory of ${name} ${when}, MiB`, rssBytes / MIB)
}

/** What the system knows of each service's process. */
async function readStats(system: System): Promise<Record<string, ProcessStat>> {
  const ids = processIds(system)
  const read = Object.keys(system.startMs).map(
    async (name) => [name, await readProcessStat(ids[name] ?? 0)] as const,
  )
  return Object.fromEntries(await Promise.all(read))
}
