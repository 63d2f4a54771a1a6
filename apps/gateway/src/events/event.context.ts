import type { GatewayContext } from '../graphql/context.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { EventFeed } from './event-feed.ts'

/** What the resolvers of events and statistics work with. */
export interface EventPorts {
  readonly persistence: Pick<Persistence, 'events' | 'statistics'>
  readonly events: Pick<EventFeed, 'follow'>
}

export type EventContext = GatewayContext<EventPorts>
