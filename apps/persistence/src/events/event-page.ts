import type { EventPage } from '@emailauth/contracts/events'
import { type Reach, readStreams, readWatermark, type StreamEntry } from '../store/event-streams.ts'
import { parseIdentityId } from '../store/identity-id.ts'
import type { StoreContext } from '../store/partition.ts'
import type { EventFilter, EventSelection } from './event-selection.ts'
import { eventsOfRequest } from './events-of-request.ts'
import { actorIdOf } from './to-event.ts'

export interface EventPageOptions extends Omit<EventFilter, 'identity'> {
  /** Only events of this identity, which may have ended. */
  readonly identityId?: string | undefined
  /** Events at most. */
  readonly first: number
  /** Cursor: only older events. */
  readonly before?: string | undefined
  /** Cursor: only newer events, oldest first. */
  readonly after?: string | undefined
  /** Only what this actor did. */
  readonly actorId?: string | undefined
  /** Only what this request caused. Bounds and other filters do not count then. */
  readonly requestId?: string | undefined
}

export type ReadEventPage = (options: EventPageOptions) => Promise<EventPage>

/** Entries of each stream in one step, and steps for one page. A page may be empty although events follow. */
const STEP = 100
const MOST_STEPS = 10
const NOTHING: EventPage = { events: [], hasMore: false, endCursor: null }

export function createReadEventPage(
  context: StoreContext,
  { streamsFor, fits, open }: EventSelection,
): ReadEventPage {
  const ofRequest = async (requestId: string, first: number, tenantId: string | undefined) => {
    const streams = await streamsFor({ tenantId, audit: false })
    const entries = (await eventsOfRequest(context, streams, requestId)).slice(0, first)
    const events = await open({ audit: false }, entries)
    return { events, hasMore: false, endCursor: entries.at(-1)?.cursor ?? null }
  }

  return async ({ first, before, after, identityId, actorId, requestId, ...rest }) => {
    if (requestId !== undefined) return ofRequest(requestId, first, rest.tenantId)
    const location = identityId === undefined ? undefined : parseIdentityId(context, identityId)
    // An invalid id has no events.
    if (identityId !== undefined && location === undefined) return NOTHING
    const identity =
      identityId === undefined || location === undefined ? undefined : { id: identityId, location }
    const filter: EventFilter = { ...rest, identity }
    const isPicked = (entry: StreamEntry) =>
      fits(filter, entry) && (actorId === undefined || actorIdOf(context, entry) === actorId)
    // A filter that lets few entries through needs large steps.
    const most = actorId !== undefined || picksFew(filter) ? STEP : first + 1
    const readStep = async (from: string | undefined) => {
      const reach: Reach =
        after === undefined
          ? { before: from }
          : { after: from ?? '0', watermarkMs: await readWatermark(context) }
      return readStreams(context, await streamsFor(filter), reach, most)
    }
    const { found, from, isEnd } = await scan(readStep, isPicked, after ?? before, first)
    const endCursor = (found.length > first ? found[first - 1]?.cursor : from) ?? null
    const events = await open(filter, found.slice(0, first))
    return { events, hasMore: found.length > first || !isEnd, endCursor }
  }
}

type ReadStep = (
  from: string | undefined,
) => Promise<{ readonly entries: readonly StreamEntry[]; readonly isEnd: boolean }>

/** Reads until one entry more is found than the page has, or for {@link MOST_STEPS} steps. */
async function scan(
  read: ReadStep,
  isPicked: (entry: StreamEntry) => boolean,
  start: string | undefined,
  first: number,
) {
  const found: StreamEntry[] = []
  let from = start
  let isEnd = false
  for (let step = 0; step < MOST_STEPS && !isEnd && found.length <= first; step++) {
    const { entries, ...reached } = await read(from)
    found.push(...entries.filter(isPicked))
    from = entries.at(-1)?.cursor ?? from
    isEnd = reached.isEnd
  }
  return { found, from, isEnd }
}

function picksFew({ types, identity, tenantId, audit }: EventFilter): boolean {
  return types !== undefined || identity !== undefined || (tenantId !== undefined && audit)
}
