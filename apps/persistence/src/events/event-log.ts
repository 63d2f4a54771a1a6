import type { Tenants } from '../calls/tenants.ts'
import type { Notifications } from '../store/notifications.ts'
import type { StoreContext } from '../store/partition.ts'
import { createReadEventPage, type ReadEventPage } from './event-page.ts'
import { createEventSelection } from './event-selection.ts'
import { createFollowEvents, type FollowEvents } from './follow-events.ts'

/** Reads events from the streams. */
export interface EventLog {
  /** Newest first, or oldest first with `after`. Pages never skip or repeat an event that is still kept. */
  readonly page: ReadEventPage
  /**
   * Yields events after a cursor in order, then live ones, until `signal`. An empty list: nothing new for a
   * while.
   */
  readonly follow: FollowEvents
}

export function createEventLog(
  context: StoreContext,
  tenants: Pick<Tenants, 'ids'>,
  notifications: Notifications,
): EventLog {
  const selection = createEventSelection(context, tenants)
  return {
    page: createReadEventPage(context, selection),
    follow: createFollowEvents(context, selection, notifications),
  }
}
