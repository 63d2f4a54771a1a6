import type { Event } from '@emailauth/contracts/events'
import { cursorAt, readStreams, readWatermark } from '../store/event-streams.ts'
import type { Notifications } from '../store/notifications.ts'
import type { StoreContext } from '../store/partition.ts'
import type { EventFilter, EventSelection } from './event-selection.ts'
import { waitForEvents } from './wait-for-events.ts'

export type FollowEvents = (
  filter: EventFilter,
  after: string | undefined,
  signal: AbortSignal,
) => AsyncGenerator<Event[], void>

/** Entries of each stream in one step. */
const STEP = 100
/** How often a reader looks without a notification. Less often where that means to read many streams. */
const LOOK_ANYWAY_MS = 5000
const LOOK_ANYWAY_MS_OF_ONE = 5
/** After this time without an event a reader gets the message that nothing is new. */
const QUIET_MS = 4000

export function createFollowEvents(
  context: StoreContext,
  { streamsFor, open }: EventSelection,
  notifications: Notifications,
): FollowEvents {
  return async function* follow(filter, after, signal) {
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
          const watermarkMs = await readWatermark(context)
          const streams = await streamsFor(filter)
          const read = await readStreams(context, streams, { after: from, watermarkMs }, STEP)
          from = read.entries.at(-1)?.cursor ?? from
          hasWaiting = read.hasWaiting
          isDue = !read.isEnd
          lookAt = performance.now() + Math.max(LOOK_ANYWAY_MS, streams.length * LOOK_ANYWAY_MS_OF_ONE)
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
  }
}
