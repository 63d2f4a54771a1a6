import { parseArgs } from 'node:util'
import { type Job, registerJob, verifyJob } from './load/operations.ts'
import { createPeople, type Person } from './load/people.ts'
import { commandCounts } from './rounds/command-counts.ts'
import { measureTogether, type Round } from './rounds/round.ts'
import { median } from './rounds/statistics.ts'
import type { Child } from './systems/child.ts'
import { cleanRun } from './systems/clean-run.ts'
import type { Cleanup } from './systems/cleanup.ts'
import { type CopiedSystem, startCopies } from './systems/copied-system.ts'
import { servicesOf } from './systems/other-build.ts'

const USAGE = `Usage: pnpm bench:copies [options]

What a verify and a register cost in CPU when each service runs several times, as on several machines: the
sums in docs/deployment/sizing.md multiply the cost on one machine. Each gateway knows all copies of persistence and
mailer by a list of URLs, and has 64 calls under way.

  --copies LIST   copies of each service, one system after the other (default 1,2,4)
  --rounds N      rounds of each that are measured, after two to warm up (default 3)
  --single        on a single Redis; default: on a Cluster of three masters
  --compare FOLDER  also a built checkout's services, in turns with these
  --commands      also how many commands an operation sends to Redis, those inside of scripts included
`

const REGISTERS_EACH = 5000
const VERIFIES_EACH = 10_000
const WARM_UP_ROUNDS = 2
const KINDS = ['gateway', 'persistence', 'mailer', 'redis'] as const

/** The rounds of one operation on one system, and the commands that Redis got meanwhile. */
interface Measured {
  readonly rounds: Round[]
  readonly commands: Map<string, number>
}

await cleanRun(main)

async function main(cleanup: Cleanup): Promise<void> {
  const { values } = parseArgs({
    options: {
      copies: { type: 'string', default: '1,2,4' },
      rounds: { type: 'string', default: '3' },
      single: { type: 'boolean', default: false },
      compare: { type: 'string' },
      commands: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const counts = values.copies.split(',').map(Number)
  const rounds = Number(values.rounds)
  const isValid = [...counts, rounds].every((count) => Number.isInteger(count) && count >= 1)
  if (values.help || !isValid) {
    process.stdout.write(USAGE)
    if (!values.help) process.exitCode = 64
    return
  }
  const systems: CopiedSystem[] = []
  for (const copies of counts) {
    systems.push(
      await startCopies(cleanup, {
        copies,
        isSingle: values.single,
        services: {},
        name: `${copies} of each`,
      }),
    )
    if (values.compare === undefined) continue
    const services = await servicesOf(values.compare)
    systems.push(
      await startCopies(cleanup, {
        copies,
        isSingle: values.single,
        services,
        name: `${copies} of the other`,
      }),
    )
  }
  const measured = await measureInTurns(systems, rounds)
  process.stdout.write(`${values.single ? 'A single Redis' : 'A Cluster of three masters'}; µs of CPU\n`)
  process.stdout.write(`${row('', [...KINDS, 'all four', 'a second'])}\n`)
  for (const [name, { rounds: measuredRounds }] of measured) {
    process.stdout.write(`${row(name, cellsOf(measuredRounds))}\n`)
  }
  if (!values.commands) return
  for (const [name, one] of measured) process.stdout.write(`${name}: ${commandsInWords(one)}\n`)
}

/** All systems run at the same time and take turns, so that other programs affect each of them. */
async function measureInTurns(
  systems: readonly CopiedSystem[],
  rounds: number,
): Promise<Map<string, Measured>> {
  const people = createPeople()
  const measured = new Map<string, Measured>()
  for (let round = 1 - WARM_UP_ROUNDS; round <= rounds; round++) {
    process.stderr.write(round < 1 ? 'Warming up …\n' : `Round ${round} of ${rounds} …\n`)
    for (const system of systems) {
      for (const [operation, jobsOf] of Object.entries({ verify: verifyJobs, register: registerJobs })) {
        const jobs = await jobsOf(system, people)
        const before = await commandCounts(system.redisUrls)
        const result = await measureTogether(jobs, system.pids)
        const after = await commandCounts(system.redisUrls)
        if (round < 1) continue
        const name = `${operation}, ${system.name}`
        const { rounds: known, commands } = measured.get(name) ?? { rounds: [], commands: new Map() }
        addGrowth(commands, before, after)
        measured.set(name, { rounds: [...known, result], commands })
      }
    }
  }
  return new Map([...measured].sort(([a], [b]) => b.localeCompare(a)))
}

type Counts = ReadonlyMap<string, number>

function addGrowth(sums: Map<string, number>, before: Counts, after: Counts): void {
  for (const [command, count] of after) {
    const more = count - (before.get(command) ?? 0)
    if (more > 0) sums.set(command, (sums.get(command) ?? 0) + more)
  }
}

function commandsInWords({ rounds, commands }: Measured): string {
  const operations = rounds.reduce((sum, round) => sum + round.operations, 0)
  return [...commands]
    .map(([command, count]) => [command, count / operations] as const)
    .filter(([, each]) => each >= 0.01)
    .sort(([, a], [, b]) => b - a)
    .map(([command, each]) => `${command} ${each.toFixed(2)}`)
    .join(', ')
}

interface JobOfOne {
  readonly load: Child
  readonly job: Job
}

async function verifyJobs(
  { api, gateways }: CopiedSystem,
  people: (count: number) => Person[],
): Promise<JobOfOne[]> {
  const jobs: JobOfOne[] = []
  for (const gateway of gateways) {
    const registered = people(VERIFIES_EACH)
    jobs.push({ load: gateway.load, job: verifyJob(gateway, await api.register(registered), registered) })
  }
  return jobs
}

function registerJobs({ gateways }: CopiedSystem, people: (count: number) => Person[]): JobOfOne[] {
  return gateways.map((gateway) => ({
    load: gateway.load,
    job: registerJob(gateway, people(REGISTERS_EACH)),
  }))
}

/** Medians: CPU by kind of process, of all four kinds, and operations a second. */
function cellsOf(rounds: readonly Round[]): string[] {
  const kinds = KINDS.map((kind) =>
    median(rounds.map(({ cpuPerOperation }) => sumOfKind(cpuPerOperation, kind))),
  )
  const all = median(
    rounds.map(({ cpuPerOperation }) =>
      KINDS.reduce((sum, kind) => sum + sumOfKind(cpuPerOperation, kind), 0),
    ),
  )
  const rate = median(rounds.map(({ operations, seconds }) => operations / seconds))
  return [...kinds, all].map((micros) => micros.toFixed(0)).concat(Math.round(rate).toLocaleString('en'))
}

function sumOfKind(cpuPerOperation: Readonly<Record<string, number>>, kind: string): number {
  return Object.entries(cpuPerOperation)
    .filter(([name]) => name.startsWith(`${kind} `))
    .reduce((sum, [, micros]) => sum + micros, 0)
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(26) + cells.map((cell) => cell.padStart(12)).join('')
}
