import type { Event, EventType } from '@emailauth/contracts/events'
import { inSlices } from '@emailauth/service/timing/in-slices'
import { auditLanes } from '../audit/audit-lanes.ts'
import type { Tenants } from '../calls/tenants.ts'
import { type EventStream, type StreamEntry, streamsOf } from '../store/event-streams.ts'
import type { StoreContext } from '../store/partition.ts'
import { type IdentityReference, isAbout, tenantIdOf, toEvent, typeOf } from './to-event.ts'

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

/** Which streams and which of their entries a filter selects. */
export interface EventSelection {
  /** The streams to read. Events of an identity are in the stream of its partition. */
  streamsFor(filter: EventFilter): Promise<readonly EventStream[]>
  fits(filter: EventFilter, entry: StreamEntry): boolean
  /** The events of those entries that fit, unsealed. Other calls get a turn in between. */
  open(filter: EventFilter, entries: readonly StreamEntry[]): Promise<Event[]>
}

/** Events that are opened before other calls get a turn. */
const OPENED_AT_ONCE = 25

export function createEventSelection(context: StoreContext, tenants: Pick<Tenants, 'ids'>): EventSelection {
  /** The entry's type when it fits. */
  const typeIfFits = (filter: EventFilter, entry: StreamEntry): EventType | undefined => {
    const type = typeOf(entry)
    if (type === undefined || (filter.types !== undefined && !filter.types.includes(type))) return undefined
    if (filter.identity !== undefined && !isAbout(filter.identity, entry)) return undefined
    return filter.tenantId === undefined || tenantIdOf(entry) === filter.tenantId ? type : undefined
  }

  return {
    async streamsFor({ tenantId, audit, identity }) {
      const lanes = audit ? await auditLanes(context.redis) : []
      const tenantIds = tenantId === undefined ? await tenants.ids() : [tenantId]
      const streams = streamsOf(context, tenantIds, lanes)
      const wanted = identity?.location
      if (wanted === undefined) return streams
      return streams.filter(
        ({ location }) =>
          location === undefined ||
          (location.tenantId === wanted.tenantId && location.partition === wanted.partition),
      )
    },

    fits: (filter, entry) => typeIfFits(filter, entry) !== undefined,

    async open(filter, entries) {
      const events = await inSlices(entries, OPENED_AT_ONCE, (entry) => {
        const type = typeIfFits(filter, entry)
        return type === undefined ? [] : [toEvent(context, type, entry)]
      })
      return events.flat()
    },
  }
}
