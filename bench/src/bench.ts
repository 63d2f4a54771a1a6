import { cpus } from 'node:os'
import { readProcessStat } from './cpu/process-stat.ts'
import { createProfiler, type Hotspots } from './cpu/profiler.ts'
import { createPeople, TOKEN_BYTES } from './load/people.ts'
import type { Options } from './options.ts'
import { measureMailStates } from './rounds/mail-states.ts'
import { createFilling, type MemoryMeasurement } from './rounds/memory.ts'
import { CONNECTIONS, processIds } from './rounds/round.ts'
import { measureScale, type ScaleMeasurement } from './rounds/scale.ts'
import { measureThroughput, type Throughput } from './rounds/throughput.ts'
import { type Cleanup, createCleanup } from './systems/cleanup.ts'
import { type Storage, startStorage, startSystem } from './systems/system.ts'

/** Everything that one run found out. */
export interface Results {
  readonly measuredAt: string
  readonly machine: {
    readonly cpu: string
    readonly cores: number
    readonly node: string
    readonly redis: string
  }
  readonly setting: {
    readonly connections: number
    readonly tokenBytes: number
    readonly appendOnly: boolean
  }
  readonly throughput: Throughput
  /** Resident bytes of each process at the end of the rounds. */
  readonly rssBytes: Readonly<Record<string, number>>
  readonly memory: readonly MemoryMeasurement[]
  readonly mailStateBytes: number
  readonly scale: readonly ScaleMeasurement[]
  readonly hotspots: readonly Hotspots[]
}

const HOTSPOTS = 25
const MEMORY_SIZES = [10_000, 100_000]
/** Throughput among these is what that among many more is measured against. */
const FEW = 10_000

export interface BenchOptions extends Options {
  /** Where profiles are left. */
  readonly folder: string
  readonly cleanup: Cleanup
  /** Prints the progress of the run. */
  readonly say: (sentence: string) => void
}

/** The whole run: bytes first, on a store of their own; then throughput. */
export async function bench({
  rounds,
  live,
  appendOnly,
  profile,
  ...options
}: BenchOptions): Promise<Results> {
  const { cleanup, folder, say } = options
  const people = createPeople()

  say('Bytes for each identity …')
  const memory = await onItsOwn(measureMemory)
  const mailStateBytes = await onItsOwn(measureMailStates)

  const profiler = profile ? await createProfiler(cleanup, folder) : undefined
  const system = await startSystem(cleanup, {
    appendOnly,
    ...(profiler === undefined ? {} : { nodeArguments: profiler.nodeArguments }),
  })
  const throughput = await measureThroughput({
    system,
    people,
    rounds,
    profiler,
    onRound: (round) => say(round < 1 ? 'Warming up …' : `Round ${round} of ${rounds} …`),
  })
  const rssBytes = await readRss(processIds(system))
  const scale =
    live === undefined
      ? []
      : await measureScale(system, people, [FEW, live], (identities) =>
          say(`Among ${identities.toLocaleString('en')} live identities …`),
        )
  return {
    measuredAt: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      node: process.versions.node,
      redis: await redisVersion(system),
    },
    setting: { connections: CONNECTIONS, tokenBytes: TOKEN_BYTES, appendOnly },
    throughput,
    rssBytes,
    memory: [...memory, ...scale.slice(-1).map((measurement) => measurement.memory)],
    mailStateBytes,
    scale,
    hotspots: profiler?.hotspots(HOTSPOTS) ?? [],
  }

  async function measureMemory(own: Cleanup): Promise<MemoryMeasurement[]> {
    const filling = createFilling(await startStorage(own, { appendOnly: false }), people)
    const measurements: MemoryMeasurement[] = []
    for (const size of MEMORY_SIZES) measurements.push(await filling.fillTo(size))
    return measurements
  }

  /** With processes of its own, which end before the next are measured. */
  async function onItsOwn<Result>(measure: (own: Cleanup) => Promise<Result>): Promise<Result> {
    const own = cleanup.keep(createCleanup(), (started) => started.run())
    const result = await measure(own)
    await own.run()
    return result
  }
}

async function readRss(pids: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const read = Object.entries(pids).map(
    async ([name, pid]) => [name, (await readProcessStat(pid)).rssBytes] as const,
  )
  return Object.fromEntries(await Promise.all(read))
}

async function redisVersion({ commands }: Storage): Promise<string> {
  return /redis_version:(\S+)/.exec(await commands.info('server'))?.[1] ?? 'unknown'
}
