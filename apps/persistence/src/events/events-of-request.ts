import { timeOfRequest } from '@emailauth/contracts/request-id'
import { inSlices } from '@emailauth/service/timing/in-slices'
import { openDetail } from '../store/event-detail.ts'
import { cursorAt, type EventStream, readStreams, type StreamEntry } from '../store/event-streams.ts'
import type { StoreContext } from '../store/partition.ts'
import { typeOf } from './to-event.ts'

/**
 * Where to look, around the moment that the id names: first where the event nearly always is, then as far
 * as clocks of gateway and Redis may differ.
 */
const REACHES_MS = [
  { before: 1000, after: 5000 },
  { before: 60_000, after: 120_000 },
] as const
/** Entries in one step, and in all steps of a reach: twice what one tenant keeps. */
const STEP = 500
const MOST_STEPS = 40
const OPENED_AT_ONCE = 25
const WITH_REQUEST: ReadonlySet<string | undefined> = new Set(['registered', 'resent'])

/** Finds what a request registered or resent, newest first, without an index: an id begins with its time. */
export async function eventsOfRequest(
  context: StoreContext,
  streams: readonly EventStream[],
  requestId: string,
): Promise<StreamEntry[]> {
  const ms = timeOfRequest(requestId)
  if (ms === undefined) return []
  for (const { before, after } of REACHES_MS) {
    const found = await entriesBetween(context, streams, ms - before, ms + after)
    const opened = await inSlices(found, OPENED_AT_ONCE, (entry) =>
      requestOf(context, entry) === requestId ? [entry] : [],
    )
    if (opened.flat().length > 0) return opened.flat()
  }
  return []
}

async function entriesBetween(
  context: StoreContext,
  streams: readonly EventStream[],
  fromMs: number,
  toMs: number,
): Promise<StreamEntry[]> {
  const found: StreamEntry[] = []
  let before = cursorAt(toMs)
  for (let step = 0; step < MOST_STEPS; step++) {
    const { entries, isEnd } = await readStreams(context, streams, { before }, STEP)
    const within = entries.filter(({ ms }) => ms >= fromMs)
    found.push(...within.filter((entry) => WITH_REQUEST.has(typeOf(entry))))
    const last = entries.at(-1)
    if (isEnd || last === undefined || within.length < entries.length) break
    before = last.cursor
  }
  return found
}

function requestOf({ ring }: StoreContext, { stream, fields }: StreamEntry): string | undefined {
  const [member, sealed] = [fields.get('i'), fields.get('d')]
  if (stream.location === undefined || member === undefined || sealed === undefined) return undefined
  return openDetail(ring, { ...stream.location, member }, sealed).requestId
}
