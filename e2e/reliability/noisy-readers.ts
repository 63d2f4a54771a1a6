import { freshAddress, startWorld, type World } from './world.ts'

export interface NoiseOptions {
  /** Live identities of the reading tenant. */
  readonly identities: number
  /** Measured with and without readers. */
  readonly registers: number
  readonly readers: number
}

/** What a tenant notices of another one that reads as much as it can. */
export interface Noise extends Record<string, unknown> {
  readonly p99Ms: { readonly undisturbed: number; readonly disturbed: number }
  readonly medianMs: { readonly undisturbed: number; readonly disturbed: number }
  readonly failedRegisters: number
  readonly reads: number
  readonly faults: readonly string[]
}

const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, n) => `a${n}: ${field}`).join(' ')
const AN_HOUR_AGO = new Date(Date.now() - 3_600_000).toISOString()

/** The dearest that an operation may ask for. */
const READS = [
  `{ ${aliases(3, 'identities(filter: { delivery: FAILED }, first: 50) { nodes { id } pageInfo { endCursor } }')} }`,
  `{ ${aliases(3, 'events(types: [BURNED], first: 50) { nodes { type } }')} }`,
  `{ ${aliases(4, `statistics(from: "${AN_HOUR_AGO}", step: MINUTE) { buckets { from } }`)} }`,
  `{ identities(first: 200) { nodes { id email tenant { id } delivery { state } } } }`,
]
const EXPECTED: ReadonlySet<string> = new Set(['BAD_USER_INPUT', 'SERVICE_UNAVAILABLE'])
/** Registers under way at a time: as an external server with some traffic would have. */
const AT_ONCE = 4

export async function measureNoise({ identities, registers, readers }: NoiseOptions): Promise<Noise> {
  const world = await startWorld({ pairs: 1 })
  try {
    const [reader, victim] = [await world.newTenant(), await world.newTenant()]
    await registerMany(world, reader, identities)
    await registerMany(world, victim, registers)
    const undisturbed = await registerMany(world, victim, registers)
    const noise = readUntilStopped(world, reader, readers)
    const disturbed = await registerMany(world, victim, registers)
    const { reads, faults } = await noise.stop()
    return {
      p99Ms: { undisturbed: at(undisturbed.times, 0.99), disturbed: at(disturbed.times, 0.99) },
      medianMs: { undisturbed: at(undisturbed.times, 0.5), disturbed: at(disturbed.times, 0.5) },
      failedRegisters: undisturbed.failed + disturbed.failed,
      reads,
      faults,
    }
  } finally {
    await world.stop()
  }
}

async function registerMany({ clients: [client] }: World, key: string, count: number) {
  if (client === undefined) throw new Error('no gateway')
  const times: number[] = []
  let failed = 0
  let left = count
  const one = async () => {
    while (left-- > 0) {
      const began = performance.now()
      const { kind } = await client.register(key, { email: freshAddress(), token: 't' })
      times.push(performance.now() - began)
      if (kind !== 'Registered') failed += 1
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  return { times, failed }
}

function readUntilStopped({ clients: [client] }: World, key: string, readers: number) {
  if (client === undefined) throw new Error('no gateway')
  let isOver = false
  let reads = 0
  const faults = new Set<string>()
  const one = async (reader: number) => {
    for (let turn = reader; !isOver; turn++) {
      const { text } = await client.ask(key, READS[turn % READS.length] ?? '')
      reads += 1
      const { errors = [] } = JSON.parse(text) as { errors?: { extensions: { code: string } }[] }
      for (const { extensions } of errors) if (!EXPECTED.has(extensions.code)) faults.add(extensions.code)
    }
  }
  const running = Promise.all(Array.from({ length: readers }, (_, reader) => one(reader)))
  return {
    async stop() {
      isOver = true
      await running
      return { reads, faults: [...faults] }
    },
  }
}

function at(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN) * 10) / 10
}
