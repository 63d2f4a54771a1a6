import type { Redis } from 'ioredis'
import type { Profiler } from '../cpu/profiler.ts'
import { registerJob, verifyJob, yardstickJob } from '../load/operations.ts'
import { type Person, TOKEN } from '../load/people.ts'
import type { System } from '../systems/system.ts'
import { measureRound, processIds, type Round } from './round.ts'
import { type Pair, type Series, toSeries } from './series.ts'

/** How many operations a round has at most; each takes one to five seconds. */
const YARDSTICKS = 40_000
const VERIFIES = 30_000
const REGISTERS = 20_000
/** Node compiles hot code while it runs: a register costs a fifth more until about 30,000 have run. */
const WARM_UP_TURNS = 2

export interface Throughput {
  readonly yardstick: Series
  readonly verify: Series
  readonly register: Series
}

export interface ThroughputOptions {
  readonly system: System
  readonly people: (count: number) => Person[]
  readonly rounds: number
  readonly profiler: Profiler | undefined
  /** Called before each round. Below 1 while warming up. */
  readonly onRound: (round: number) => void
}

/** Measures in turn: yardstick, verify, yardstick, register, and again. The first two turns only warm up. */
export async function measureThroughput(options: ThroughputOptions): Promise<Throughput> {
  const { system, people, rounds, profiler, onRound } = options
  const pids = processIds(system)
  const verifies: Pair[] = []
  const registers: Pair[] = []
  for (let round = 1 - WARM_UP_TURNS; round <= rounds; round++) {
    onRound(round)
    const verify = { yardstick: await measureYardstick(system), round: await measureVerify() }
    const register = { yardstick: await measureYardstick(system), round: await measureRegister() }
    if (round < 1) continue
    verifies.push(verify)
    registers.push(register)
  }
  return {
    yardstick: toSeries(
      [...verifies, ...registers].map(({ yardstick }) => ({ round: yardstick, yardstick })),
    ),
    verify: toSeries(verifies),
    register: toSeries(registers),
  }

  async function measureVerify(): Promise<Round> {
    const registered = people(VERIFIES)
    const numbers = await system.api.register(registered)
    const job = verifyJob(system, numbers, registered)
    return profiled('verify', () => measureRound(system.load, job, pids))
  }

  async function measureRegister(): Promise<Round> {
    const job = registerJob(system, people(REGISTERS))
    return profiled('register', () => measureRound(system.load, job, pids))
  }

  function profiled(operation: string, measure: () => Promise<Round>): Promise<Round> {
    return profiler === undefined ? measure() : profiler.during(operation, measure)
  }
}

/** One round of the yardstick over keys that are there. */
export async function measureYardstick(system: System): Promise<Round> {
  const keys = Array.from({ length: YARDSTICKS }, (_, i) => `yardstick:${i}`)
  await setAll(system.commands, keys)
  return measureRound(system.load, yardstickJob(system, keys), processIds(system))
}

async function setAll(redis: Redis, keys: readonly string[]): Promise<void> {
  const pipeline = redis.pipeline()
  for (const key of keys) pipeline.set(key, TOKEN)
  await pipeline.exec()
}
