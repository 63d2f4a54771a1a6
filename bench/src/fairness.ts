import { parseArgs } from 'node:util'
import type { LoadResult } from './load/load.ts'
import { registerJob } from './load/operations.ts'
import { createPeople } from './load/people.ts'
import { median } from './rounds/statistics.ts'
import { startChild } from './systems/child.ts'
import { cleanRun } from './systems/clean-run.ts'
import type { Cleanup } from './systems/cleanup.ts'
import { servicesOf } from './systems/other-build.ts'
import { startSystem } from './systems/system.ts'

const USAGE = `Usage: pnpm bench:fairness [options]

How one tenant fares beside another that registers too much: latencies of the small one, in turns beside the
other at its own share of the connections and at ten times of it.

  --rounds N      turns of each kind (default 5)
  --build FOLDER  a built checkout whose services are measured instead of these
`

/** Connections of the small tenant, and the share of the other. */
const SHARE = 32
const TIMES = 10
const SECONDS = 3
/** More than a tenant does in a turn. */
const VALUES = 30_000

await cleanRun(main)

async function main(cleanup: Cleanup): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      build: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const rounds = Number(values.rounds)
  if (values.help || !Number.isInteger(rounds) || rounds < 1) {
    process.stdout.write(USAGE)
    return
  }
  const system = await startSystem(cleanup, { appendOnly: false, ...(await servicesOf(values.build)) })
  const otherKey = await system.api.createTenant('other')
  const otherLoad = cleanup.keep(startChild('./load/load.js'), (child) => child.stop())
  const people = createPeople()

  /** The small tenant's result, while the other has so many connections. */
  async function turn(connections: number): Promise<{ small: LoadResult; other: LoadResult }> {
    const job = { ...registerJob(system, people(VALUES)), connections: SHARE, mostSeconds: SECONDS }
    const otherJob = {
      ...registerJob({ ...system, apiKey: otherKey }, people(VALUES)),
      connections,
      mostSeconds: SECONDS,
    }
    const [small, other] = await Promise.all([
      system.load.ask<LoadResult>(job),
      otherLoad.ask<LoadResult>(otherJob),
    ])
    if (small.failures > 0) throw new Error(`${small.failures} replies were wrong: ${small.firstFailure}`)
    return { small, other }
  }

  await turn(SHARE)
  await turn(SHARE)
  const beside = { [SHARE]: [] as LoadResult[], [SHARE * TIMES]: [] as LoadResult[] }
  for (let round = 0; round < rounds; round++) {
    for (const connections of [SHARE, SHARE * TIMES]) {
      const { small, other } = await turn(connections)
      beside[connections]?.push(small)
      const rate = Math.round(other.operations / other.seconds)
      process.stdout.write(
        `beside ${connections} connections (${rate} a second, ${other.failures} refused): ${inWords(small)}\n`,
      )
    }
  }
  const p99 = (connections: number) => median((beside[connections] ?? []).map(({ p99Ms }) => p99Ms))
  process.stdout.write(
    `medians: p99 ${p99(SHARE).toFixed(1)} ms beside ${SHARE}, ${p99(SHARE * TIMES).toFixed(1)} ms beside ${SHARE * TIMES}: ${(p99(SHARE * TIMES) / p99(SHARE)).toFixed(2)} times\n`,
  )
}

function inWords({ operations, seconds, p50Ms, p99Ms }: LoadResult): string {
  return `${Math.round(operations / seconds)} a second, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`
}
