import { setMaxListeners } from 'node:events'
import { Readable } from 'node:stream'
import {
  deliveryReports,
  type Event,
  eventCursor,
  eventListQuery,
  eventPage,
} from '@emailauth/contracts/events'
import { problem } from '@emailauth/contracts/problems'
import { statistics, statisticsQuery } from '@emailauth/contracts/statistics'
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { ReadLane } from '@emailauth/service/http/read-lane'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { followSignal } from '@emailauth/service/timing/follow-signal'
import { z } from 'zod'
import type { ReportDeliveries } from './delivery-reports.ts'
import type { EventLog } from './event-log.ts'
import type { EventFilter } from './event-selection.ts'
import type { ReadStatistics } from './statistics.ts'

interface EventRoutesPort {
  readonly events: EventLog
  readonly reportDeliveries: ReportDeliveries
  readonly readStatistics: ReadStatistics
  readonly lane: ReadLane
}

const route = routeWith<EventRoutesPort & { readonly closing: AbortSignal }>()

export function addEventRoutes(app: ServiceApp, ports: EventRoutesPort): void {
  const closing = new AbortController()
  // Each live reply listens.
  setMaxListeners(0, closing.signal)
  // A live reply never ends by itself, so it would delay the shutdown.
  app.addHook('preClose', async () => closing.abort())
  addRoutes(app, { ...ports, closing: closing.signal }, [readEvents, reportOutcomes, countEvents])
}

const readEvents = route({
  method: 'GET',
  url: '/v1/events',
  schema: {
    summary: 'What happened; with Accept: text/event-stream also what happens, as it does',
    querystring: eventListQuery,
    headers: z.looseObject({ 'last-event-id': eventCursor.optional() }),
    response: { 200: eventPage, default: problem },
  },
  handler: async ({ lane, events, closing }, request, reply) => {
    const { query, headers } = request
    if (query.before !== undefined && query.after !== undefined) {
      throw new ProblemError('bad-input', 'Either "before" or "after".', { field: 'before' })
    }
    if (!headers.accept?.includes('text/event-stream')) return lane.run(() => events.page(query))
    const gone = new AbortController()
    request.raw.once('close', () => gone.abort())
    reply.raw.once('close', () => gone.abort())
    reply.raw.once('close', followSignal(gone, closing))
    const live = streamMessages(events, query, headers['last-event-id'] ?? query.after, gone.signal)
    return (
      reply
        .type('text/event-stream')
        .header('cache-control', 'no-store')
        // Close the connection after the reply, so that no client keeps it alive during a shutdown.
        .header('connection', 'close')
        .serializer((payload: unknown) => payload as string)
        // The schema says what a page in JSON has; this is a stream.
        .send(Readable.from(live, { objectMode: false }) as never)
    )
  },
})

const reportOutcomes = route({
  method: 'POST',
  url: '/v1/events',
  schema: {
    summary: 'Report delivery outcomes of mails',
    body: deliveryReports,
    response: { 204: z.null(), default: problem },
  },
  handler: async ({ reportDeliveries }, request, reply) => {
    await reportDeliveries(request.body.reports)
    return reply.code(204).send(null)
  },
})

const countEvents = route({
  method: 'GET',
  url: '/v1/statistics',
  schema: {
    summary: 'What was counted, by minute, hour or day',
    querystring: statisticsQuery,
    response: { 200: statistics, default: problem },
  },
  handler: ({ lane, readStatistics }, request) => lane.run(() => readStatistics(request.query)),
})

async function* streamMessages(
  events: EventLog,
  filter: EventFilter,
  after: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<string> {
  // Send something at once, so that the caller gets the headers.
  yield ': hello\n\n'
  for await (const batch of events.follow(filter, after, signal))
    yield batch.map(toMessage).join('') || ': quiet\n\n'
}

/** Formats a server-sent event. */
function toMessage(event: Event): string {
  return `id: ${event.cursor}\ndata: ${JSON.stringify(event)}\n\n`
}
