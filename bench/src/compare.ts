import { homedir } from 'node:os'
import { join } from 'node:path'
import type { BenchOptions } from './bench.ts'
import { type ComparedHotspots, compareHotspots } from './cpu/compared-hotspots.ts'
import { createProfiler, type Profiler } from './cpu/profiler.ts'
import { type Job, registerJob, verifyJob } from './load/operations.ts'
import { createPeople } from './load/people.ts'
import { measureRound, processIds, type Round } from './rounds/round.ts'
import { median, type Spread, spread } from './rounds/statistics.ts'
import { createCleanup } from './systems/cleanup.ts'
import { findBuild } from './systems/other-build.ts'
import { type Measured, startPeer } from './systems/peer.ts'
import { type SystemOptions, startSystem } from './systems/system.ts'

/** Short rounds: what else the machine does changes from second to second, and hits both builds alike. */
export const OPERATIONS = 10_000
const WARM_UP_TURNS = 3
/** Outside of the repository, whose tools would look into a second one within it. */
const BUILDS = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'emailauth-bench')
/** The lines of the table, and the processes that each sums up. */
const EACH: Lines = {
  gateway: ['gateway'],
  persistence: ['persistence'],
  mailer: ['mailer'],
  redis: ['redis'],
  'all four': ['gateway', 'persistence', 'mailer', 'redis'],
}
const TOGETHER: Lines = {
  services: ['gateway', 'persistence', 'mailer', 'serve', 'otpgateway'],
  redis: ['redis'],
  'all of them': ['gateway', 'persistence', 'mailer', 'serve', 'otpgateway', 'redis'],
}
type Lines = Readonly<Record<string, readonly string[]>>

/** One figure of both builds: of each start the median of its turns, then the spread over the starts. */
export interface Compared {
  readonly other: Spread
  readonly ours: Spread
  /** Ours to the other's in the same turn. */
  readonly ratio: Spread
}

/** Both builds, one operation. */
export interface OperationCompared {
  readonly perSecond: Compared
  readonly p50Ms: Compared
  readonly p99Ms: Compared
  /** Microseconds of CPU for each operation, by process. */
  readonly cpuPerOperation: Readonly<Record<string, Compared>>
}

export interface Comparison {
  /** What is measured, and what it is measured beside. */
  readonly ours: string
  readonly other: string
  /** How many times both systems were started. */
  readonly starts: number
  /** Turns of each start. */
  readonly turns: number
  readonly verify: OperationCompared
  readonly register: OperationCompared
  /** Share of the machine that other programs took meanwhile, 0 to 1. */
  readonly otherWork: Spread
  /** Without a profile none. */
  readonly hotspots: readonly ComparedHotspots[]
}

/** One system as it runs. */
interface Side {
  readonly system: Measured
  readonly profiler: Profiler | undefined
}

export interface Turn {
  readonly other: Round
  readonly ours: Round
}

/** What the turns of one start of both systems were. */
interface Turns {
  readonly verifies: readonly Turn[]
  readonly registers: readonly Turn[]
  readonly hotspots: readonly ComparedHotspots[]
}

type Runs = Pick<SystemOptions, 'services' | 'serveProcesses'> & { readonly peer?: string }
type Sides = Readonly<Record<keyof Turn, Runs>>

/**
 * Runs both systems beside each other, each on a Redis of its own, and lets them work in turns. Then it
 * starts both anew: two starts of the same build differ by up to 7 % for as long as they run, so more turns
 * of one start say nothing more about the build.
 */
export async function compareBuilds(options: BenchOptions): Promise<Comparison> {
  const { rounds, starts, say } = options
  const { names, sides, lines } = await findSides(options)
  const all: Turns[] = []
  for (let start = 1; start <= starts; start++) {
    const cleanup = options.cleanup.keep(createCleanup(), (started) => started.run())
    const sayWhich = (sentence: string) => say(`Start ${start} of ${starts}: ${sentence}`)
    // Which of the two starts first alternates.
    const order: readonly (keyof Turn)[] = start % 2 === 0 ? ['other', 'ours'] : ['ours', 'other']
    all.push(await measureStart({ ...options, cleanup, say: sayWhich }, sides, order))
    await cleanup.run()
  }
  const turns = all.flatMap(({ verifies, registers }) => [...verifies, ...registers])
  return {
    ...names,
    starts,
    turns: rounds,
    verify: compareTurns(
      all.map(({ verifies }) => verifies),
      lines,
    ),
    register: compareTurns(
      all.map(({ registers }) => registers),
      lines,
    ),
    otherWork: spread(turns.flatMap(({ other, ours }) => [other.otherWork, ours.otherWork])),
    // A profile is of one start.
    hotspots: all[0]?.hotspots ?? [],
  }
}

async function measureStart(
  options: BenchOptions,
  sides: Sides,
  order: readonly (keyof Turn)[],
): Promise<Turns> {
  const { rounds, say } = options
  const people = createPeople()
  const started: Partial<Record<keyof Turn, Side>> = {}
  for (const name of order) started[name] = await startSide(options, name, sides[name])
  // The order names both.
  const { other, ours } = started as Record<keyof Turn, Side>
  const verifies: Turn[] = []
  const registers: Turn[] = []
  for (let turn = 1 - WARM_UP_TURNS; turn <= rounds; turn++) {
    say(turn < 1 ? 'warming up …' : `turn ${turn} of ${rounds} …`)
    const verify = await inTurn(turn, async ({ system, profiler }) => {
      const job = await system.verifyJob(people(OPERATIONS))
      return measure('verify', job, system, turn < 1 ? undefined : profiler)
    })
    const register = await inTurn(turn, ({ system, profiler }) =>
      measure('register', system.registerJob(people(OPERATIONS)), system, turn < 1 ? undefined : profiler),
    )
    if (turn < 1) continue
    verifies.push(verify)
    registers.push(register)
  }
  return { verifies, registers, hotspots: compareHotspots(hotspotsOf(other), hotspotsOf(ours)) }

  /** The other build goes first in every second turn. */
  async function inTurn(turn: number, measure: (side: Side) => Promise<Round>): Promise<Turn> {
    if (turn % 2 === 0) {
      const first = await measure(other)
      return { other: first, ours: await measure(ours) }
    }
    const first = await measure(ours)
    return { ours: first, other: await measure(other) }
  }
}

const hotspotsOf = ({ profiler }: Side) => profiler?.hotspots(Number.POSITIVE_INFINITY) ?? []

/** What both sides run, and the lines of the table. */
async function findSides({ compare, serveProcesses, peer, say }: BenchOptions) {
  if (compare === undefined) {
    const processes = serveProcesses === 1 ? 'one process' : `${serveProcesses} processes`
    const together = serveProcesses === undefined ? 'one process for each' : `all services in ${processes}`
    const [ours, other] =
      peer === undefined ? [together, 'one process for each'] : [`emailauth, ${together}`, 'otpgateway']
    return {
      names: { ours, other },
      sides: { other: peer === undefined ? {} : { peer }, ours: { serveProcesses } } satisfies Sides,
      lines: TOGETHER,
    }
  }
  const build = await findBuild(compare, BUILDS, say)
  return {
    names: { ours: 'this build', other: build.name },
    sides: { other: { services: build.services }, ours: {} } satisfies Sides,
    lines: EACH,
  }
}

async function startSide(
  { appendOnly, profile, folder, cleanup }: BenchOptions,
  name: string,
  { peer, ...services }: Runs,
): Promise<Side> {
  if (peer !== undefined) return { system: await startPeer(cleanup, peer, appendOnly), profiler: undefined }
  const profiler = profile ? await createProfiler(cleanup, join(folder, name)) : undefined
  const nodeArguments = profiler === undefined ? {} : { nodeArguments: profiler.nodeArguments }
  const system = await startSystem(cleanup, { appendOnly, ...services, ...nodeArguments })
  const measured: Measured = {
    load: system.load,
    pids: processIds(system),
    verifyJob: async (people) => verifyJob(system, await system.api.register(people), people),
    registerJob: (people) => registerJob(system, people),
  }
  return { system: measured, profiler }
}

function measure(
  operation: string,
  job: Job,
  { load, pids }: Measured,
  profiler: Profiler | undefined,
): Promise<Round> {
  const run = () => measureRound(load, job, pids)
  return profiler === undefined ? run() : profiler.during(operation, run)
}

/** Sums up the turns of each start by their median, and then the starts. */
export function compareTurns(starts: readonly (readonly Turn[])[], lines = EACH): OperationCompared {
  const overStarts = (figure: (turn: Turn) => number): Spread =>
    spread(starts.map((turns) => median(turns.map(figure))))
  const compared = (figure: (round: Round) => number): Compared => ({
    other: overStarts(({ other }) => figure(other)),
    ours: overStarts(({ ours }) => figure(ours)),
    ratio: overStarts(({ other, ours }) => figure(ours) / figure(other)),
  })
  const micros = (names: readonly string[]) =>
    compared(({ cpuPerOperation }) => names.reduce((sum, name) => sum + (cpuPerOperation[name] ?? 0), 0))
  return {
    perSecond: compared(({ operations, seconds }) => operations / seconds),
    p50Ms: compared(({ p50Ms }) => p50Ms),
    p99Ms: compared(({ p99Ms }) => p99Ms),
    cpuPerOperation: Object.fromEntries(Object.entries(lines).map(([line, names]) => [line, micros(names)])),
  }
}
