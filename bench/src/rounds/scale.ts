import { registerJob, verifyJob } from '../load/operations.ts'
import type { Person } from '../load/people.ts'
import type { System } from '../systems/system.ts'
import { createFilling, type MemoryMeasurement } from './memory.ts'
import { measureRound, processIds } from './round.ts'
import { type Pair, type Series, toSeries } from './series.ts'
import { measureYardstick } from './throughput.ts'

/** Verifies and registers while so many other identities are live. */
export interface ScaleMeasurement {
  readonly memory: MemoryMeasurement
  readonly verify: Series
  readonly register: Series
}

const OPERATIONS = 8000
const ROUNDS = 5

/**
 * Measures verifies and registers at each number of live identities, smallest first, beside the yardstick on
 * the same Redis.
 */
export async function measureScale(
  system: System,
  people: (count: number) => Person[],
  sizes: readonly number[],
  onSize: (identities: number) => void,
): Promise<ScaleMeasurement[]> {
  const filling = createFilling(system, people)
  const measurements: ScaleMeasurement[] = []
  for (const identities of sizes) {
    onSize(identities)
    const memory = await filling.fillTo(identities)
    const verifies: Pair[] = []
    const registers: Pair[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const yardstick = await measureYardstick(system)
      const registered = people(OPERATIONS)
      const verify = verifyJob(system, await system.api.register(registered), registered)
      verifies.push({ yardstick, round: await measureRound(system.load, verify, processIds(system)) })
      const register = registerJob(system, people(OPERATIONS))
      registers.push({ yardstick, round: await measureRound(system.load, register, processIds(system)) })
    }
    measurements.push({ memory, verify: toSeries(verifies), register: toSeries(registers) })
  }
  return measurements
}
