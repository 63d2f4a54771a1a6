import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { cleanRun } from './clean-run.ts'
import { type Cleanup, createCleanup } from './cleanup.ts'
import type { LoadJob, LoadResult } from './load.ts'
import { registerJob, verifyJob } from './operations.ts'
import { servicesOf } from './other-build.ts'
import { createPeople } from './people.ts'
import { readProcessStat } from './process-stat.ts'
import { CONNECTIONS } from './round.ts'
import { median } from './statistics.ts'
import { type System, startSystem } from './system.ts'

const USAGE = `Usage: pnpm bench:start [options]

How a fresh system begins: its start, the latencies of its first second, and its memory after load.

  --starts N      systems that are started, one after the other (default 5)
  --build FOLDER  a built checkout whose services are started instead of these
`

/** More than a system does in a second. */
const VALUES = 20_000
/** Registers before memory is read. */
const LOAD = 30_000
const MIB = 1024 * 1024
/** A service gives memory back when it has been at rest for ten seconds. */
const REST_MS = 25_000

interface Begin {
  /** From the start of each service until it was ready. */
  readonly startMs: Readonly<Record<string, number>>
  readonly register: LoadResult
  readonly verify: LoadResult
  /** MiB of each service after load, and when it has been at rest for a while. */
  readonly rss: Readonly<Record<string, number>>
  readonly rssAtRest: Readonly<Record<string, number>>
}

await cleanRun(main)

async function main(cleanup: Cleanup): Promise<void> {
  const { values } = parseArgs({
    options: {
      starts: { type: 'string', default: '5' },
      build: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const starts = Number(values.starts)
  if (values.help || !Number.isInteger(starts) || starts < 1) {
    process.stdout.write(USAGE)
    return
  }
  const begins: Begin[] = []
  for (let start = 0; start < starts; start++) begins.push(await begin(cleanup, values.build))
  process.stdout.write(`${starts} starts, medians; ${CONNECTIONS} connections\n`)
  for (const name of Object.keys(begins[0]?.startMs ?? {})) {
    const ms = median(begins.map(({ startMs }) => startMs[name] ?? 0))
    process.stdout.write(`start of ${name}: ${Math.round(ms)} ms\n`)
  }
  for (const operation of ['register', 'verify'] as const) {
    const of = (figure: (result: LoadResult) => number) =>
      median(begins.map((each) => figure(each[operation])))
    const p50 = of(({ p50Ms }) => p50Ms).toFixed(1)
    const p99 = of(({ p99Ms }) => p99Ms).toFixed(1)
    process.stdout.write(
      `first second of ${operation}: ${of(({ operations }) => operations)} done, p50 ${p50} ms, p99 ${p99} ms\n`,
    )
  }
  for (const name of Object.keys(begins[0]?.rss ?? {})) {
    const mib = median(begins.map(({ rss }) => rss[name] ?? 0))
    const atRest = median(begins.map(({ rssAtRest }) => rssAtRest[name] ?? 0))
    process.stdout.write(
      `memory of ${name} after ${LOAD} registers: ${Math.round(mib)} MiB, at rest ${Math.round(atRest)} MiB\n`,
    )
  }
}

/** One system from its start. Verifies come second: services are warm by then, and their own code is not. */
async function begin(cleanup: Cleanup, build: string | undefined): Promise<Begin> {
  const people = createPeople()
  const own = createCleanup()
  cleanup.keep(own, (inner) => inner.run())
  try {
    const system = await startSystem(own, { appendOnly: false, ...(await servicesOf(build)) })
    const register = await run(system, registerJob(system, people(VALUES)), 1)
    const registered = people(VALUES)
    const numbers = await system.api.register(registered)
    const verify = await run(system, verifyJob(system, numbers, registered), 1)
    await run(system, registerJob(system, people(LOAD)), 60)
    const rss = await memoryOf(system)
    await wait(REST_MS)
    return { startMs: system.startMs, register, verify, rss, rssAtRest: await memoryOf(system) }
  } finally {
    await own.run()
  }
}

async function run(
  { load }: System,
  job: Omit<LoadJob, 'connections' | 'mostSeconds'>,
  mostSeconds: number,
): Promise<LoadResult> {
  const result = await load.ask<LoadResult>({ ...job, connections: CONNECTIONS, mostSeconds })
  if (result.failures > 0) throw new Error(`${result.failures} replies were wrong: ${result.firstFailure}`)
  return result
}

async function memoryOf({ gateway, persistence, mailer }: System): Promise<Record<string, number>> {
  const entries = Object.entries({ gateway, persistence, mailer }).map(async ([name, { pid }]) => {
    const { rssBytes } = await readProcessStat(pid)
    return [name, rssBytes / MIB] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}
