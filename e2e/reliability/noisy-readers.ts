import { isAnswered } from './gateway-client.ts'
import { freshAddress, startWorld, type World } from './world.ts'

export interface NoiseOptions {
  /** Live identities of the reading tenant. */
  readonly identities: number
  /** Measured in each round without readers, and again with them. */
  readonly registers: number
  readonly readers: number
  readonly rounds: number
  /** Also registers without readers, to compare what it took. */
  readonly isTimed: boolean
}

/** What registering took in one round, in ms. */
interface Times {
  readonly undisturbed: number
  readonly disturbed: number
}

/** What a tenant notices of another one that reads as much as it can. */
export interface Noise extends Record<string, unknown> {
  /** Medians of the rounds, so that what else the machine did in one of them does not count. */
  readonly p99Ms: Times
  readonly medianMs: Times
  readonly p99sOfRounds: readonly Times[]
  /** What was answered instead, each once. */
  readonly failedRegisters: readonly string[]
  readonly reads: number
  /** Reads without an error, and how often each code was answered; without a reply, the fault. */
  readonly answered: number
  readonly refusals: Readonly<Record<string, number>>
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
const NOT_TIMED = { times: [], failed: [] as readonly string[] }

/** Registers under way at a time: as an external server with some traffic would have. */
const AT_ONCE = 4
/** A starved machine refuses calls by itself. A client makes such a call again; one that is timed counts. */
const ATTEMPTS_IF_NOT_TIMED = 5

export async function measureNoise({
  identities,
  registers,
  readers,
  rounds,
  isTimed,
}: NoiseOptions): Promise<Noise> {
  const attempts = isTimed ? 1 : ATTEMPTS_IF_NOT_TIMED
  const world = await startWorld({ pairs: 1 })
  try {
    const [reader, victim] = [await world.newTenant(), await world.newTenant()]
    await registerMany(world, reader, identities, ATTEMPTS_IF_NOT_TIMED)
    if (isTimed) await registerMany(world, victim, registers, attempts)
    const p99s: Times[] = []
    const medians: Times[] = []
    const failedRegisters: string[] = []
    let reads = 0
    let answered = 0
    const refusals: Record<string, number> = {}
    for (let round = 0; round < rounds; round++) {
      const undisturbed = isTimed ? await registerMany(world, victim, registers, attempts) : NOT_TIMED
      const noise = readUntilStopped(world, reader, readers)
      const disturbed = await registerMany(world, victim, registers, attempts)
      const stopped = await noise.stop()
      const timesAt = (share: number) => ({
        undisturbed: at(undisturbed.times, share),
        disturbed: at(disturbed.times, share),
      })
      p99s.push(timesAt(0.99))
      medians.push(timesAt(0.5))
      failedRegisters.push(...undisturbed.failed, ...disturbed.failed)
      reads += stopped.reads
      answered += stopped.answered
      for (const [code, count] of stopped.refusals) refusals[code] = (refusals[code] ?? 0) + count
    }
    return {
      p99Ms: medianOf(p99s),
      medianMs: medianOf(medians),
      p99sOfRounds: p99s,
      failedRegisters,
      reads,
      answered,
      refusals,
      faults: Object.keys(refusals).filter((code) => !EXPECTED.has(code)),
    }
  } finally {
    await world.stop()
  }
}

function medianOf(rounds: readonly Times[]): Times {
  const median = (times: readonly number[]) => at(times, 0.5)
  return {
    undisturbed: median(rounds.map(({ undisturbed }) => undisturbed)),
    disturbed: median(rounds.map(({ disturbed }) => disturbed)),
  }
}

async function registerMany(
  { clients: [client] }: World,
  key: string,
  count: number,
  attempts: number,
): Promise<{ times: readonly number[]; failed: readonly string[] }> {
  if (client === undefined) throw new Error('no gateway')
  const times: number[] = []
  const failed: string[] = []
  let left = count
  const register = async () => {
    for (let attempt = 1; ; attempt++) {
      const answer = await client.register(key, { email: freshAddress(), token: 't' })
      if (isAnswered(answer) || attempt === attempts) return answer
    }
  }
  const one = async () => {
    while (left-- > 0) {
      const began = performance.now()
      const { kind, text } = await register()
      times.push(performance.now() - began)
      if (kind !== 'Registered') failed.push(text)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  return { times, failed }
}

function readUntilStopped({ clients: [client] }: World, key: string, readers: number) {
  if (client === undefined) throw new Error('no gateway')
  let isOver = false
  let reads = 0
  let answered = 0
  const refusals = new Map<string, number>()
  const one = async (reader: number) => {
    for (let turn = reader; !isOver; turn++) {
      const { kind, text } = await client.ask(key, READS[turn % READS.length] ?? '')
      reads += 1
      if (kind === 'NO_REPLY') {
        refusals.set(text, (refusals.get(text) ?? 0) + 1)
        continue
      }
      const { errors = [] } = JSON.parse(text) as { errors?: { extensions: { code: string } }[] }
      if (errors.length === 0) answered += 1
      for (const { extensions } of errors) {
        refusals.set(extensions.code, (refusals.get(extensions.code) ?? 0) + 1)
      }
    }
  }
  const running = Promise.all(Array.from({ length: readers }, (_, reader) => one(reader)))
  return {
    async stop() {
      isOver = true
      await running
      return { reads, answered, refusals }
    },
  }
}

function at(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN) * 10) / 10
}
