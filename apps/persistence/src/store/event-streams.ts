import { inSlices } from '@emailauth/service/timing/in-slices'
import { Cluster } from 'ioredis'
import { keyPrefix, keys } from './keys.ts'
import type { StoreContext } from './partition.ts'

/** One stream of events: a partition of a tenant, or a lane of the audit log. */
export interface EventStream {
  readonly key: string
  /** Orders events of the same time. It is a part of their cursors. */
  readonly name: string
  /**
   * Absent: a lane of the audit log. Its name begins with a star, which no tenant id has and which sorts
   * first.
   */
  readonly location?: { readonly tenantId: string; readonly partition: number }
}

/** An event as its stream stores it. */
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

const MAX_SEQUENCE = '18446744073709551615'
/** Bound on the difference between the clocks of a Cluster's nodes. */
const CLOCKS_DIFFER_MS = 1000
/** Streams that are read before other calls get a turn. */
const STREAMS_AT_ONCE = 16
/**
 * With more streams than this it reads fewer entries of each, so that 1,000 tenants cost about as much as 64.
 */
const WHOLE_STEPS = 64
const LEAST_OF_ONE = 4

/** The streams of these tenants and these lanes of the audit log. */
export function streamsOf(
  { partitions }: StoreContext,
  tenantIds: readonly string[],
  lanes: readonly string[],
): EventStream[] {
  const ofPartitions = tenantIds.flatMap((tenantId) =>
    Array.from({ length: partitions }, (_, partition) => ({
      key: `${keyPrefix(tenantId, partition)}events`,
      name: `${tenantId}.${partition.toString(16).padStart(2, '0')}`,
      location: { tenantId, partition },
    })),
  )
  return [...lanes.map((lane) => ({ key: keys.auditLog(lane), name: lane })), ...ofPartitions]
}

/**
 * The time before which no stream gets new events. A reader of several streams returns only older events, or
 * it could miss one that sorts before them. Call it before listing the streams.
 */
export async function readWatermark({ redis, partitions }: StoreContext): Promise<number> {
  const masters = redis instanceof Cluster ? redis.nodes('master') : [redis]
  const times = await Promise.all(masters.map(async (master) => toMs(await master.time())))
  return Math.min(...times) - (partitions === 1 ? 0 : CLOCKS_DIFFER_MS)
}

function toMs([seconds, micros]: readonly (number | string)[]): number {
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
}

/** The cursor that sorts after every event before a moment. */
export function cursorAt(ms: number): string {
  return `${hex(Math.max(0, ms), 12)}-00000000-*`
}

/** The result of a step. */
export interface StreamStep {
  readonly entries: StreamEntry[]
  /** No more events can be returned yet. */
  readonly isEnd: boolean
  /** There are events that wait for the watermark. */
  readonly hasWaiting: boolean
}

/**
 * Reads at most `most` events of all streams in one order: oldest first after a cursor, newest first before
 * one. It may return fewer although more follow, because it reads only a part of each stream.
 */
export async function readStreams(
  { redis }: StoreContext,
  streams: readonly EventStream[],
  reach: Reach,
  most: number,
): Promise<StreamStep> {
  const ofOne = Math.min(most, Math.max(LEAST_OF_ONE, Math.ceil((most * WHOLE_STEPS) / streams.length)))
  const isForward = 'after' in reach
  const parts = await inSlices(streams, STREAMS_AT_ONCE, async (stream) => {
    const found =
      'after' in reach
        ? await redis.xrangeBuffer(stream.key, firstAfter(reach.after, stream), '+', 'COUNT', ofOne)
        : await redis.xrevrangeBuffer(stream.key, lastBefore(reach.before, stream), '-', 'COUNT', ofOne)
    return found.map(([id, fields]) => toEntry(stream, id.toString(), fields))
  })
  const inOrder = (a: string, b: string) => (a < b === isForward ? -1 : 1)
  // A stream with a full reply may have more entries. Events beyond its last one wait, because these sort
  // earlier.
  const [horizon] = parts
    .flatMap((part) => (part.length < ofOne ? [] : (part.at(-1)?.cursor ?? [])))
    .sort(inOrder)
  const all = parts.flat().sort((a, b) => inOrder(a.cursor, b.cursor))
  const certain =
    horizon === undefined
      ? all
      : all.filter(({ cursor }) => inOrder(cursor, horizon) < 0 || cursor === horizon)
  const isAtWatermark = 'after' in reach && streams.length > 1
  const ready = isAtWatermark ? certain.filter(({ ms }) => ms < reach.watermarkMs) : certain
  const isEnd = ready.length < certain.length || (horizon === undefined && ready.length <= most)
  return {
    entries: ready.slice(0, most),
    isEnd: isEnd && ready.length <= most,
    hasWaiting: ready.length < certain.length,
  }
}

/** The entry of a stream that a cursor names, while it is kept. */
export async function readEntry(
  { redis }: StoreContext,
  stream: EventStream,
  cursor: string,
): Promise<StreamEntry | undefined> {
  const { ms, sequence } = parseCursor(cursor)
  const id = `${ms}-${sequence}`
  const [found] = await redis.xrangeBuffer(stream.key, id, id)
  return found === undefined ? undefined : toEntry(stream, id, found[1])
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
  const { ms, sequence, stream } = parseCursor(cursor)
  return `${ms}-${name > stream ? sequence : sequence + 1}`
}

function lastBefore(cursor: string | undefined, { name }: EventStream): string {
  if (cursor === undefined) return '+'
  if (cursor === '0') return '0-0'
  const { ms, sequence, stream } = parseCursor(cursor)
  if (name < stream) return `${ms}-${sequence}`
  if (sequence > 0) return `${ms}-${sequence - 1}`
  return ms > 0 ? `${ms - 1}-${MAX_SEQUENCE}` : '0-0'
}

/** The parts of a cursor: a stream's entry, and the stream's name. */
export function parseCursor(cursor: string) {
  const [ms = '', sequence = '', ...stream] = cursor.split('-')
  return { ms: Number.parseInt(ms, 16), sequence: Number.parseInt(sequence, 16), stream: stream.join('-') }
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0')
}
