import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { createAtomically, OVERTAKEN } from '../store/atomically.ts'
import { keys } from '../store/keys.ts'
import { scripts } from '../store/scripts.ts'
import { type ChainedFields, headOf, macOf } from './audit-chain.ts'

/** Entries that are kept for one actor. */
const MOST_ACTS = 100_000
/** Most entries that are added in one step, because Redis does nothing else meanwhile. */
const MOST_TOGETHER = 64

/** What an entry says, without its place in the chain. */
type ActFields = Pick<ChainedFields, 'k' | 't' | 'g' | 'd'>

/** Adds an entry to a lane. Resolves with its number there. */
type AppendAct = (lane: string, fields: ActFields) => Promise<number>

interface WaitingAct {
  readonly fields: ActFields
  resolve(entry: number): void
  reject(error: unknown): void
}

/**
 * Each entry of a lane needs the MAC of the one before, so a lane has one writer at a time in this process.
 * Acts that come while it writes wait together, in their order, and are added in one step.
 * @param options.ageMs how long entries are kept
 */
export function createAuditAppends({
  redis,
  ring,
  ageMs,
}: {
  readonly redis: RedisConnection
  readonly ring: KeyRing
  readonly ageMs: number
}): AppendAct {
  const atomically = createAtomically()
  /** By lane, the acts that wait for their turn and may get company. */
  const gathering = new Map<string, WaitingAct[]>()

  /** The number and the MAC of the newest entry. */
  const readNewest = async (lane: string) => {
    const [newest] = await redis.xrevrange(keys.auditLog(lane), '+', '-', 'COUNT', 1)
    const value = (name: string) => newest?.[1][newest[1].indexOf(name) + 1]
    return {
      n: Number(newest === undefined ? 0 : value('n')),
      m: newest === undefined ? '' : (value('m') ?? ''),
    }
  }

  /** One attempt to add them all. Resolves with the number of the first. */
  const appendAll = async (lane: string, acts: readonly WaitingAct[]) => {
    const newest = await readNewest(lane)
    let { n, m } = newest
    const each = acts.map(({ fields }) => {
      const entry = { ...fields, n: n + 1, p: m }
      n = entry.n
      m = macOf(ring.keys[0], lane, entry)
      return { ...entry, m }
    })
    const appended = await scripts.appendAudit(redis, [keys.auditLog(lane), keys.auditHead(lane)], {
      mac: newest.m,
      mostEntries: MOST_ACTS,
      keptMs: ageMs,
      head: headOf(ring.keys[0], lane, n, m),
      each,
    })
    return appended ? newest.n + 1 : OVERTAKEN
  }

  const takeTurn = async (lane: string, acts: readonly WaitingAct[]) => {
    const isComplete = () => {
      if (gathering.get(lane) === acts) gathering.delete(lane)
    }
    try {
      const first = await atomically(lane, () => {
        isComplete()
        return appendAll(lane, acts)
      })
      for (const [i, { resolve }] of acts.entries()) resolve(first + i)
    } catch (error) {
      isComplete()
      for (const { reject } of acts) reject(error)
    }
  }

  return (lane, fields) =>
    new Promise((resolve, reject) => {
      const act = { fields, resolve, reject }
      const others = gathering.get(lane)
      if (others !== undefined && others.length < MOST_TOGETHER) {
        others.push(act)
        return
      }
      const acts = [act]
      gathering.set(lane, acts)
      void takeTurn(lane, acts)
    })
}
