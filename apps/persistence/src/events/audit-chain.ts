import type { RedisConnection } from '@emailauth/redis/connect'
import { digest } from '@emailauth/secrets/digest'
import type { KeyRing, RingKey } from '@emailauth/secrets/key-ring'
import { keys } from '../store/keys.ts'

// Each entry of the audit log bears a number, the MAC of the entry before it, and a MAC over these and all that it says. So who
// can write to Redis but has no key can neither alter an entry nor take one out nor put one in. The newest entries can be cut
// off, and the whole log be put back to an older state: against that each number stands in a log line, too.

/** What an entry says, as it lies in the stream. */
interface ChainedFields {
  readonly k: string
  readonly t: string
  readonly g: string
  /** Sealed: actor and moment. */
  readonly d: Buffer
  /** The entry's number. */
  readonly n: number
  /** The MAC of the entry before it; empty for the first one. */
  readonly p: string
}

const MAC_BYTES = 24

export function macOf(key: RingKey, { k, t, g, d, n, p }: ChainedFields): string {
  const text = JSON.stringify([n, p, k, t, g, d.toString('base64')])
  return digest(key, 'audit-chain', text, MAC_BYTES).toString('base64url')
}

/** One entry as it was read. */
export type RawFields = ReadonlyMap<string, Buffer>

/** `unreadable`: its key has left the ring, so nothing can be said. */
type EntryState = 'genuine' | 'altered' | 'unreadable'

/** Whether one entry is as it was written. */
export function stateOf(ring: KeyRing, fields: RawFields): EntryState {
  const text = (name: string) => String(fields.get(name) ?? '')
  const d = fields.get('d') ?? Buffer.alloc(0)
  const key = ring.byId(d.subarray(1, 5))
  if (key === undefined) return 'unreadable'
  const said = { k: text('k'), t: text('t'), g: text('g'), d, n: Number(text('n')), p: text('p') }
  return macOf(key, said) === text('m') ? 'genuine' : 'altered'
}

/** What is wrong with the log. */
export interface ChainFault {
  /** The id of the stream's entry at which it shows. */
  readonly id: string
  readonly kind: 'altered' | 'missing'
}

const STEP = 500
/** The newest entries that are looked at. */
const LOOKED_AT = 10_000

/**
 * Looks through the newest 10,000 entries, newest first. Keys leave the ring in their order, so beyond an entry that cannot
 * be read no other can, unless somebody has tampered.
 */
export async function findChainFault(redis: RedisConnection, ring: KeyRing): Promise<ChainFault | undefined> {
  let end = '+'
  let newer: { readonly id: string; readonly n: number; readonly p: string } | undefined
  let unreadable: string | undefined
  for (let seen = 0; seen < LOOKED_AT; seen += STEP) {
    const entries = await redis.xrevrangeBuffer(keys.audit, end, '-', 'COUNT', STEP)
    for (const [idBytes, pairs] of entries) {
      const id = idBytes.toString()
      const fields = new Map(
        pairs.flatMap((name, i) => (i % 2 === 0 ? [[String(name), pairs[i + 1] as Buffer]] : [])),
      )
      const state = stateOf(ring, fields)
      if (state === 'altered') return { id, kind: 'altered' }
      if (state === 'unreadable') {
        unreadable ??= id
        continue
      }
      if (unreadable !== undefined) return { id: unreadable, kind: 'altered' }
      const n = Number(String(fields.get('n')))
      if (newer !== undefined && (newer.n !== n + 1 || newer.p !== String(fields.get('m'))))
        return { id: newer.id, kind: 'missing' }
      newer = { id, n, p: String(fields.get('p') ?? '') }
    }
    const last = entries.at(-1)
    if (last === undefined || entries.length < STEP) return undefined
    end = `(${last[0].toString()}`
  }
  return undefined
}
