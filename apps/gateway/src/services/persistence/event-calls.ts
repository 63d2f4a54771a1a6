import {
  type DeliveryReport,
  type Event,
  type EventPage,
  type EventType,
  eventPage,
} from '@emailauth/contracts/events'
import {
  type Statistics,
  type StatisticsStep,
  statistics as statisticsShape,
} from '@emailauth/contracts/statistics'
import type { RpcClient } from '@emailauth/rpc/client/client'
import { bodyOf } from '@emailauth/rpc/client/reply'
import { z } from 'zod'
import { readEvents } from './read-events.ts'

/** Whose events: one tenant's or all; with what admins did or without. */
export interface EventScope {
  readonly tenantId?: string | undefined
  readonly audit: boolean
}

/** Equal for equal scopes. */
export const nameOfScope = ({ tenantId, audit }: EventScope): string => `${tenantId ?? '*'} ${audit}`

export interface EventPageQuery extends EventScope {
  readonly first: number
  readonly types?: readonly EventType[] | undefined
  readonly identityId?: string | undefined
  readonly actorId?: string | undefined
  readonly requestId?: string | undefined
  /** The page before, newest first. */
  readonly before?: string | undefined
  /** The page after, oldest first. */
  readonly after?: string | undefined
}

export interface StatisticsRequest {
  readonly tenantId?: string | undefined
  readonly from: string
  readonly to?: string | undefined
  readonly step: StatisticsStep
}

/** What happened, and how often. */
export interface EventCalls {
  events(query: EventPageQuery): Promise<EventPage>
  /** What happens after a cursor, as it happens; throws when the service is gone or says nothing for long. */
  liveEvents(scope: EventScope, after: string, signal: AbortSignal): AsyncGenerator<Event, void>
  reportDeliveries(reports: readonly DeliveryReport[]): Promise<void>
  statistics(request: StatisticsRequest): Promise<Statistics>
}

/** The service says something every five seconds at the latest. */
const QUIET_MS = 15_000

/**
 * The three clients: one for calls that a person waits for, one for pages and statistics, one for live
 * streams.
 */
export interface EventClients {
  readonly rpc: RpcClient
  readonly reads: RpcClient
  readonly live: RpcClient
}

export function eventCalls({ rpc, reads, live }: EventClients): EventCalls {
  return {
    async events({ types, audit, first, ...reach }) {
      const query = { ...reach, types: types?.join(','), audit: String(audit), first: String(first) }
      return bodyOf(
        await reads.call({ method: 'GET', path: `/v1/events?${toQuery(query)}`, reply: eventPage }),
      )
    },
    async *liveEvents({ tenantId, audit }, after, signal) {
      const chunks = await live.stream({
        path: `/v1/events?${toQuery({ tenantId, audit: String(audit) })}`,
        headers: { accept: 'text/event-stream', 'last-event-id': after },
        signal,
        quietMs: QUIET_MS,
      })
      yield* readEvents(chunks)
    },
    async reportDeliveries(reports) {
      bodyOf(await rpc.call({ method: 'POST', path: '/v1/events', body: { reports }, reply: z.undefined() }))
    },
    async statistics(request) {
      const path = `/v1/statistics?${toQuery({ ...request })}`
      return bodyOf(await reads.call({ method: 'GET', path, reply: statisticsShape }))
    },
  }
}

function toQuery(values: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value !== undefined) query.set(name, value)
  return query
}
