import type { Event } from '@emailauth/contracts/events'
import { parseCursor, readEntry, streamsOf } from '../store/event-streams.ts'
import type { StoreContext } from '../store/partition.ts'
import { toEvent, typeOf } from './to-event.ts'

/** One event of a tenant by its cursor, while its stream keeps it. */
export type FindEvent = (tenantId: string, cursor: string) => Promise<Event | undefined>

export function createFindEvent(context: StoreContext): FindEvent {
  return async (tenantId, cursor) => {
    if (cursor === '0') return undefined
    const named = parseCursor(cursor).stream
    const stream = streamsOf(context, [tenantId], []).find(({ name }) => name === named)
    const entry = stream === undefined ? undefined : await readEntry(context, stream, cursor)
    const type = entry === undefined ? undefined : typeOf(entry)
    return entry === undefined || type === undefined ? undefined : toEvent(context, type, entry)
  }
}
