import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { digest } from '@emailauth/secrets/digest'
import type { KeyRing, RingKey } from '@emailauth/secrets/key-ring'
import { keys } from '../store/keys.ts'
import { auditLanes } from './audit-lanes.ts'

// Each entry has a number, the MAC of the entry before it, and a MAC over these, its lane and its content.
// Somebody who can write to Redis but has no key cannot alter, remove or insert an entry undetected. The head
// names the newest entry and has a MAC, so that removing the newest entries is detected. Restoring a whole
// lane to an older state, or deleting it, is not detected here. The log lines, which have the numbers, show
// it.

/** The fields of an entry in the stream. */
export interface ChainedFields {
  readonly k: string
  readonly t: string
  readonly g: string
  /** Sealed: actor and address. */
  readonly d: Buffer
  /** The entry's number. */
  readonly n: number
  /** The MAC of the entry before it; empty for the first one. */
  readonly p: string
}

const MAC_BYTES = 24

/** The MAC of an entry, in base64url: over its lane, its number, the MAC before it and its fields. */
export function macOf(key: RingKey, lane: string, { k, t, g, d, n, p }: ChainedFields): string {
  const text = JSON.stringify([lane, n, p, k, t, g, d.toString('base64')])
  return digest(key, 'audit-chain', text, MAC_BYTES).toString('base64url')
}

/** The head of a lane: number and MAC of its newest entry, the id of the key, and a MAC over them. */
export function headOf(key: RingKey, lane: string, n: number, m: string): string {
  const mac = digest(key, 'audit-chain', JSON.stringify(['head', lane, n, m]), MAC_BYTES).toString(
    'base64url',
  )
  return `${n} ${m} ${key.id.toString('hex')} ${mac}`
}

/** One entry as it was read. */
export type RawFields = ReadonlyMap<string, Buffer>

/** `unreadable`: its key has left the ring, so it cannot be checked. */
type EntryState = 'genuine' | 'altered' | 'unreadable'

/** Checks the MAC of one entry. */
export function stateOf(ring: KeyRing, lane: string, fields: RawFields): EntryState {
  const text = (name: string) => String(fields.get(name) ?? '')
  const d = fields.get('d') ?? Buffer.alloc(0)
  const key = ring.byId(d.subarray(1, 5))
  if (key === undefined) return 'unreadable'
  const said = { k: text('k'), t: text('t'), g: text('g'), d, n: Number(text('n')), p: text('p') }
  return macOf(key, lane, said) === text('m') ? 'genuine' : 'altered'
}

/** A fault in the log. */
export interface ChainFault {
  /** The id of the stream entry where it was found. */
  readonly id: string
  /** `cut`: the newest entries are gone, or the head is. */
  readonly kind: 'altered' | 'missing' | 'cut'
}

const STEP = 500
const HEAD_ATTEMPTS = 3

/** Checks all kept entries, lane by lane, in bounded steps. Answers the first fault. */
export async function findChainFault(redis: RedisConnection, ring: KeyRing): Promise<ChainFault | undefined> {
  for (const lane of await auditLanes(redis)) {
    const fault = await findLaneFault(redis, ring, lane)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** Checks that the head is genuine and names the newest entry. */
async function findHeadFault(
  redis: RedisConnection,
  ring: KeyRing,
  lane: string,
): Promise<ChainFault | undefined> {
  let id = ''
  // The two reads are not atomic, and an append between them is no fault. So it reads again.
  for (let attempt = 0; attempt < HEAD_ATTEMPTS; attempt++) {
    const [newest] = await redis.xrevrangeBuffer(keys.auditLog(lane), '+', '-', 'COUNT', 1)
    const head = await redis.get(keys.auditHead(lane))
    if (head === null && newest === undefined) return undefined
    id = newest?.[0].toString() ?? `0-0 (${lane} is empty)`
    if (head !== null && newest !== undefined && isHeadOf(ring, lane, head, toFields(newest[1])))
      return undefined
  }
  return { id, kind: 'cut' }
}

function isHeadOf(ring: KeyRing, lane: string, head: string, newest: RawFields): boolean {
  const [n, m = '', keyId = ''] = head.split(' ')
  if (String(newest.get('n')) !== n || String(newest.get('m')) !== m) return false
  const writtenWith = newest.get('d')?.subarray(1, 5)
  if (writtenWith?.toString('hex') !== keyId) return false
  const key = ring.byId(writtenWith)
  // The MAC of a key that has left the ring cannot be checked.
  return key === undefined || head === headOf(key, lane, Number(n), m)
}

function toFields(pairs: readonly Buffer[]): RawFields {
  // Redis replies names and values in turn.
  return new Map(pairs.flatMap((name, i) => (i % 2 === 0 ? [[String(name), pairs[i + 1] as Buffer]] : [])))
}

/**
 * Reads newest first. Keys leave the ring oldest first, so all entries before an unreadable one are
 * unreadable.
 */
async function findLaneFault(
  redis: RedisConnection,
  ring: KeyRing,
  lane: string,
): Promise<ChainFault | undefined> {
  const headFault = await findHeadFault(redis, ring, lane)
  if (headFault !== undefined) return headFault
  const faultOf = createEntryCheck(ring, lane)
  let end = '+'
  for (;;) {
    const entries = await redis.xrevrangeBuffer(keys.auditLog(lane), end, '-', 'COUNT', STEP)
    for (const [id, pairs] of entries) {
      const fault = faultOf(id.toString(), toFields(pairs))
      if (fault !== undefined) return fault
    }
    const last = entries.at(-1)
    if (last === undefined || entries.length < STEP) return undefined
    end = `(${last[0].toString()}`
  }
}

/** Compares each entry with the newer one that it was called with before. */
function createEntryCheck(ring: KeyRing, lane: string) {
  let newer: { readonly id: string; readonly n: number; readonly p: string } | undefined
  let unreadable: string | undefined
  return (id: string, fields: RawFields): ChainFault | undefined => {
    const state = stateOf(ring, lane, fields)
    if (state === 'altered') return { id, kind: 'altered' }
    if (state === 'unreadable') {
      unreadable ??= id
      return undefined
    }
    if (unreadable !== undefined) return { id: unreadable, kind: 'altered' }
    const n = Number(String(fields.get('n')))
    if (newer !== undefined && (newer.n !== n + 1 || newer.p !== String(fields.get('m'))))
      return { id: newer.id, kind: 'missing' }
    newer = { id, n, p: String(fields.get('p') ?? '') }
    return undefined
  }
}
