import type { Event, EventPage, EventType } from '@emailauth/contracts/events'
import { inSlices } from '@emailauth/service/in-slices'
import { auditLanes } from '../audit/audit-lanes.ts'
import type { Tenants } from '../calls/tenants.ts'
import {
  cursorAt,
  type Reach,
  readStreams,
  readWatermark,
  type StreamEntry,
  streamsOf,
} from '../store/event-streams.ts'
import { parseIdentityId } from '../store/identity-id.ts'
import type { Notifications } from '../store/notifications.ts'
import type { StoreContext } from '../store/partition.ts'
import { eventsOfRequest } from './events-of-request.ts'
import { actorIdOf, type IdentityReference, isAbout, tenantIdOf, toEvent, typeOf } from './to-event.ts'
import { waitForEvents } from './wait-for-events.ts'

/** Selects events. */
export interface EventFilter {
  /** Absent: all tenants. */
  readonly tenantId?: string | undefined
  /** Whether acts of admins are included. */
  readonly audit: boolean
  readonly types?: readonly EventType[] | undefined
  /** Only events of this identity. */
  readonly identity?: IdentityReference | undefined
}

export interface EventPageOptions extends Omit<EventFilter, 'identity'> {
  /** Only events of this identity, which may have ended. */
  readonly identityId?: string | undefined
  readonly first: number
  readonly before?: string | undefined
  readonly after?: string | undefined
  /** Only what this actor did. */
  readonly actorId?: string | undefined
  /** Only what this request caused. Bounds and other filters do not count then. */
  readonly requestId?: string | undefined
}

/** Reads events from the streams. */
export interface EventLog {
  /** Newest first, or oldest first with `after`. Pages never skip or repeat an event that is still kept. */
  page(options: EventPageOptions): Promise<EventPage>
  /**
   * Yields events after a cursor in order, then live ones, until `signal`. An empty list: nothing new for a
   * while.
   */
  follow(filter: EventFilter, after: string | undefined, signal: AbortSignal): AsyncGenerator<Event[], void>
}

/** Entries of each stream in one step, and steps for one page. A page may be empty although events follow. */
const STEP = 100
const MOST_STEPS = 10
/** Events that are opened before other calls get a turn. */
const OPENED_AT_ONCE = 25
/** How often a reader looks without a notification. Less often where that means to read many streams. */
const LOOK_ANYWAY_MS = 5000
const LOOK_ANYWAY_MS_OF_ONE = 5
/** A reader is told that nothing is new when it has been told nothing for this time. */
const QUIET_MS = 4000
const NOTHING: EventPage = { events: [], hasMore: false, endCursor: null }

export function createEventLog(
  context: StoreContext,
  tenants: Pick<Tenants, 'ids'>,
  notifications: Notifications,
): EventLog {
  const tenantIds = async ({ tenantId }: EventFilter) => (tenantId === undefined ? tenants.ids() : [tenantId])
  /** The streams to read. Events of an identity are in the stream of its partition. */
  const streamsFor = async (filter: EventFilter) => {
    const lanes = filter.audit ? await auditLanes(context.redis) : []
    const streams = streamsOf(context, await tenantIds(filter), lanes)
    const wanted = filter.identity?.location
    if (wanted === undefined) return streams
    return streams.filter(
      ({ location }) =>
        location === undefined ||
        (location.tenantId === wanted.tenantId && location.partition === wanted.partition),
    )
  }

  const fits = (filter: EventFilter, entry: StreamEntry): EventType | undefined => {
    const type = typeOf(entry)
    if (type === undefined || (filter.types !== undefined && !filter.types.includes(type))) return undefined
    if (filter.identity !== undefined && !isAbout(filter.identity, entry)) return undefined
    return filter.tenantId === undefined || tenantIdOf(entry) === filter.tenantId ? type : undefined
  }

  const open = async (filter: EventFilter, entries: readonly StreamEntry[]): Promise<Event[]> => {
    const events = await inSlices(entries, OPENED_AT_ONCE, (entry) => {
      const type = fits(filter, entry)
      return type === undefined ? [] : [toEvent(context, type, entry)]
    })
    return events.flat()
  }

  /** Reads one step after a cursor. The next step begins at `last`. */
  const readAfter = async (filter: EventFilter, after: string, most: number) => {
    const watermarkMs = await readWatermark(context)
    const streams = await streamsFor(filter)
    const { entries, ...step } = await readStreams(context, streams, { after, watermarkMs }, most)
    return { entries, last: entries.at(-1)?.cursor ?? after, streams: streams.length, ...step }
  }

  return {
    async page({ first, before, after, identityId, actorId, requestId, ...rest }) {
      if (requestId !== undefined) {
        const streams = await streamsFor({ ...rest, audit: false })
        const entries = (await eventsOfRequest(context, streams, requestId)).slice(0, first)
        const events = await open({ audit: false }, entries)
        return { events, hasMore: false, endCursor: entries.at(-1)?.cursor ?? null }
      }
      const location = identityId === undefined ? undefined : parseIdentityId(context, identityId)
      // An invalid id has no events.
      if (identityId !== undefined && location === undefined) return NOTHING
      const identity =
        identityId === undefined || location === undefined ? undefined : { id: identityId, location }
      const filter = { ...rest, identity }
      const found: StreamEntry[] = []
      const isPickedEntry = (entry: StreamEntry) =>
        fits(filter, entry) !== undefined && (actorId === undefined || actorIdOf(context, entry) === actorId)
      let from = after ?? before
      let isEnd = false
      for (let step = 0; step < MOST_STEPS; step++) {
        const isPicked =
          filter.types !== undefined ||
          identity !== undefined ||
          actorId !== undefined ||
          (filter.tenantId !== undefined && filter.audit)
        const most = isPicked ? STEP : first + 1
        const reach: Reach =
          after === undefined
            ? { before: from }
            : { after: from ?? '0', watermarkMs: await readWatermark(context) }
        const streams = await streamsFor(filter)
        const read = await readStreams(context, streams, reach, most)
        found.push(...read.entries.filter(isPickedEntry))
        from = read.entries.at(-1)?.cursor ?? from
        isEnd = read.isEnd
        if (found.length > first || isEnd) break
      }
      const endCursor = (found.length > first ? found[first - 1]?.cursor : from) ?? null
      const events = await open(filter, found.slice(0, first))
      return { events, hasMore: found.length > first || !isEnd, endCursor }
    },

    async *follow(filter, after, signal) {
      // Before the first look, so that nothing is missed in between.
      const waiting = waitForEvents(notifications, filter)
      try {
        let from = after ?? cursorAt(await readWatermark(context))
        let toldAt = Number.NEGATIVE_INFINITY
        let isDue = true
        let hasWaiting = false
        let lookAt = 0
        while (!signal.aborted) {
          let events: Event[] = []
          if (isDue) {
            const read = await readAfter(filter, from, STEP)
            from = read.last
            hasWaiting = read.hasWaiting
            isDue = !read.isEnd
            lookAt = performance.now() + Math.max(LOOK_ANYWAY_MS, read.streams * LOOK_ANYWAY_MS_OF_ONE)
            events = await open(filter, read.entries)
          }
          if (events.length > 0 || performance.now() - toldAt >= QUIET_MS) {
            yield events
            toldAt = performance.now()
          }
          if (!isDue) isDue = (await waiting.next(hasWaiting, signal)) || performance.now() >= lookAt
        }
      } finally {
        waiting.close()
      }
    },
  }
}
