import { homedir } from 'node:os'
import { join } from 'node:path'
import type { BenchOptions } from './bench.ts'
import { registerJob, verifyJob } from './load/operations.ts'
import { createPeople, type Person } from './load/people.ts'
import { measureRound, processIds, type Round } from './rounds/round.ts'
import { type Spread, spread } from './rounds/statistics.ts'
import { findBuild } from './systems/other-build.ts'
import { type System, startSystem } from './systems/system.ts'

/** Short rounds: what else the machine does changes from second to second, and hits both builds alike. */
const OPERATIONS = 10_000
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
  services: ['gateway', 'persistence', 'mailer', 'serve'],
  redis: ['redis'],
  'all of them': ['gateway', 'persistence', 'mailer', 'serve', 'redis'],
}
type Lines = Readonly<Record<string, readonly string[]>>

/** One figure of both builds. */
interface Compared {
  readonly other: Spread
  readonly ours: Spread
  /** Ours to the other's in the same turn. */
  readonly ratio: Spread
}

/** Both builds, one operation. */
interface OperationCompared {
  readonly perSecond: Compared
  /** Microseconds of CPU for each operation, by process. */
  readonly cpuPerOperation: Readonly<Record<string, Compared>>
}

export interface Comparison {
  /** What is measured, and what it is measured beside. */
  readonly ours: string
  readonly other: string
  readonly turns: number
  readonly verify: OperationCompared
  readonly register: OperationCompared
  /** Share of the machine that other programs took meanwhile, 0 to 1. */
  readonly otherWork: Spread
}

interface Turn {
  readonly other: Round
  readonly ours: Round
}

/** Runs both systems beside each other, each on a Redis of its own, and lets them work in turns. */
export async function compareBuilds(options: BenchOptions): Promise<Comparison> {
  const { rounds, say } = options
  const people = createPeople()
  const { names, other, ours, lines } = await startBoth(options)
  const verifies: Turn[] = []
  const registers: Turn[] = []
  for (let turn = 1 - WARM_UP_TURNS; turn <= rounds; turn++) {
    say(turn < 1 ? 'Warming up …' : `Turn ${turn} of ${rounds} …`)
    const verify = await inTurn(turn, (system) => measureVerify(system, people(OPERATIONS)))
    const register = await inTurn(turn, (system) =>
      measureRound(system.load, registerJob(system, people(OPERATIONS)), processIds(system)),
    )
    if (turn < 1) continue
    verifies.push(verify)
    registers.push(register)
  }
  const all = [...verifies, ...registers].flatMap((turn) => [turn.other, turn.ours])
  return {
    ...names,
    turns: rounds,
    verify: compareTurns(verifies, lines),
    register: compareTurns(registers, lines),
    otherWork: spread(all.map(({ otherWork }) => otherWork)),
  }

  /** The other build goes first in every second turn. */
  async function inTurn(turn: number, measure: (system: System) => Promise<Round>): Promise<Turn> {
    if (turn % 2 === 0) {
      const first = await measure(other)
      return { other: first, ours: await measure(ours) }
    }
    const first = await measure(ours)
    return { ours: first, other: await measure(other) }
  }
}

async function startBoth({ compare, serveProcesses, appendOnly, cleanup, say }: BenchOptions) {
  if (compare === undefined) {
    const processes = serveProcesses === 1 ? 'one process' : `${serveProcesses} processes`
    return {
      names: { ours: `all services in ${processes}`, other: 'one process for each' },
      other: await startSystem(cleanup, { appendOnly }),
      ours: await startSystem(cleanup, { appendOnly, serveProcesses }),
      lines: TOGETHER,
    }
  }
  const build = await findBuild(compare, BUILDS, say)
  return {
    names: { ours: 'this build', other: build.name },
    other: await startSystem(cleanup, { appendOnly, services: build.services }),
    ours: await startSystem(cleanup, { appendOnly }),
    lines: EACH,
  }
}

async function measureVerify(system: System, people: readonly Person[]): Promise<Round> {
  const numbers = await system.api.register(people)
  return measureRound(system.load, verifyJob(system, numbers, people), processIds(system))
}

export function compareTurns(turns: readonly Turn[], lines = EACH): OperationCompared {
  const compared = (figure: (round: Round) => number): Compared => ({
    other: spread(turns.map(({ other }) => figure(other))),
    ours: spread(turns.map(({ ours }) => figure(ours))),
    ratio: spread(turns.map(({ other, ours }) => figure(ours) / figure(other))),
  })
  const micros = (names: readonly string[]) =>
    compared(({ cpuPerOperation }) => names.reduce((sum, name) => sum + (cpuPerOperation[name] ?? 0), 0))
  return {
    perSecond: compared(({ operations, seconds }) => operations / seconds),
    cpuPerOperation: Object.fromEntries(Object.entries(lines).map(([line, names]) => [line, micros(names)])),
  }
}

/** The comparison as a table for people, at most 80 columns wide. */
export function reportComparison({ ours, other, turns, verify, register, otherWork }: Comparison): string {
  const lines = [
    `emailauth bench: ${ours} and ${other}, ${turns} turns of ${OPERATIONS.toLocaleString('en')} operations each`,
    `medians; other programs' CPU ${(100 * otherWork.median).toFixed(0)} %`,
    ...operationLines('verify', verify),
    ...operationLines('register', register),
  ]
  return `${lines.map((line) => line.slice(0, 80).trimEnd()).join('\n')}\n`
}

function operationLines(name: string, { perSecond, cpuPerOperation }: OperationCompared): string[] {
  const line = (label: string, { other, ours, ratio }: Compared, digits: number) =>
    [
      label.padEnd(26),
      other.median.toFixed(digits).padStart(11),
      ours.median.toFixed(digits).padStart(11),
      `${ratio.median.toFixed(3)} (${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)})`.padStart(24),
    ].join('')
  return [
    '',
    `${name.padEnd(26)}${'other'.padStart(11)}${'this'.padStart(11)}${'this / other'.padStart(24)}`,
    line('per second', perSecond, 0),
    ...Object.entries(cpuPerOperation).map(([process, compared]) =>
      line(`  ${process}, µs of CPU`, compared, 1),
    ),
  ]
}
