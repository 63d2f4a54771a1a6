import { Cluster } from 'ioredis'
import { keyPrefix, keys } from '../store/keys.ts'
import type { StoreContext } from '../store/partition.ts'

/** One stream of events: that of a partition of a tenant, or the audit log. */
export interface EventStream {
  readonly key: string
  /** Sorts among streams; part of its events' cursors. */
  readonly name: string
  /** Absent: the audit log. */
  readonly location?: { readonly tenantId: string; readonly partition: number }
}

/** An event as it lies in its stream. */
export interface StreamEntry {
  readonly cursor: string
  readonly ms: number
  readonly stream: EventStream
  readonly fields: ReadonlyMap<string, Buffer>
}

/** From where and in which direction to read. */
export type Reach =
  | { readonly after: string; readonly watermarkMs: number }
  | { readonly before: string | undefined }

// A star sorts before every tenant, and is in no tenant's id.
const AUDIT: EventStream = { key: keys.audit, name: '*' }
const MAX_SEQUENCE = '18446744073709551615'
/** The clocks of a Cluster's nodes differ by less than this. */
const CLOCKS_DIFFER_MS = 1000

/** The streams of some tenants, and the audit log where it is wanted. */
export function streamsOf(
  { partitions }: StoreContext,
  tenantIds: readonly string[],
  audit: boolean,
): EventStream[] {
  const spaces = tenantIds.flatMap((tenantId) =>
    Array.from({ length: partitions }, (_, partition) => ({
      key: `${keyPrefix(tenantId, partition)}events`,
      name: `${tenantId}.${partition.toString(16).padStart(2, '0')}`,
      location: { tenantId, partition },
    })),
  )
  return audit ? [AUDIT, ...spaces] : spaces
}

/**
 * Only events older than this are told to who follows several streams: in each of them newer ones may still come in, and would be
 * passed over. One stream alone needs no such care. Ask for it before you ask which streams there are.
 */
export async function readWatermark({ redis, partitions }: StoreContext): Promise<number> {
  const masters = redis instanceof Cluster ? redis.nodes('master') : [redis]
  const times = await Promise.all(masters.map(async (master) => toMs(await master.time())))
  return Math.min(...times) - (partitions === 1 ? 0 : CLOCKS_DIFFER_MS)
}

function toMs([seconds, micros]: readonly (number | string)[]): number {
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
}

/** The cursor that sorts after everything before a moment. */
export function cursorAt(ms: number): string {
  return `${hex(Math.max(0, ms), 12)}-00000000-*`
}

/** At most `most` events of all the streams together, in one order: oldest first after a cursor, newest first before one. */
export async function readStreams(
  { redis }: StoreContext,
  streams: readonly EventStream[],
  reach: Reach,
  most: number,
): Promise<StreamEntry[]> {
  const parts = await Promise.all(
    streams.map(async (stream) => {
      const found =
        'after' in reach
          ? await redis.xrangeBuffer(stream.key, firstAfter(reach.after, stream), '+', 'COUNT', most)
          : await redis.xrevrangeBuffer(stream.key, lastBefore(reach.before, stream), '-', 'COUNT', most)
      return found.map(([id, fields]) => toEntry(stream, id.toString(), fields))
    }),
  )
  const entries = parts.flat().sort((a, b) => (a.cursor < b.cursor ? -1 : 1))
  if (!('after' in reach)) return entries.reverse().slice(0, most)
  const told = streams.length === 1 ? entries : entries.filter(({ ms }) => ms < reach.watermarkMs)
  return told.slice(0, most)
}

function toEntry(stream: EventStream, id: string, values: readonly Buffer[]): StreamEntry {
  const [ms = '0', sequence = '0'] = id.split('-')
  const fields = new Map<string, Buffer>()
  for (let at = 0; at + 1 < values.length; at += 2) {
    fields.set(String(values[at]), values[at + 1] ?? Buffer.alloc(0))
  }
  return {
    cursor: `${hex(Number(ms), 12)}-${hex(Number(sequence), 8)}-${stream.name}`,
    ms: Number(ms),
    stream,
    fields,
  }
}

function firstAfter(cursor: string, { name }: EventStream): string {
  if (cursor === '0') return '-'
  const { ms, sequence, stream } = parse(cursor)
  return `${ms}-${name > stream ? sequence : sequence + 1}`
}

function lastBefore(cursor: string | undefined, { name }: EventStream): string {
  if (cursor === undefined) return '+'
  if (cursor === '0') return '0-0'
  const { ms, sequence, stream } = parse(cursor)
  if (name < stream) return `${ms}-${sequence}`
  if (sequence > 0) return `${ms}-${sequence - 1}`
  return ms > 0 ? `${ms - 1}-${MAX_SEQUENCE}` : '0-0'
}

function parse(cursor: string) {
  const [ms = '', sequence = '', ...stream] = cursor.split('-')
  return { ms: Number.parseInt(ms, 16), sequence: Number.parseInt(sequence, 16), stream: stream.join('-') }
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0')
}
