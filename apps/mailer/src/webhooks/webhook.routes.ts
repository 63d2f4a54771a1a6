import { enumName } from '@emailauth/contracts/enum-name'
import { longPollQuery } from '@emailauth/contracts/long-poll'
import { problem } from '@emailauth/contracts/problems'
import { webhookBody } from '@emailauth/contracts/webhook-body'
import {
  attemptListQuery,
  attemptPage,
  REPLAYS_MAX,
  replayReply,
  replayRequest,
  webhookAttempt,
  webhookFailures,
  webhookFailuresAcknowledgement,
  webhookHandOver,
  webhookStates,
  webhookStatesRequest,
  webhookTestRequest,
} from '@emailauth/contracts/webhook-deliveries'
import { webhookId } from '@emailauth/contracts/webhooks'
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { ReadLane } from '@emailauth/service/http/read-lane'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import type { LongPoll } from '@emailauth/service/timing/long-poll'
import { z } from 'zod'
import { orUnavailable } from '../message-state/or-unavailable.ts'
import { postEvent, toAttempt } from './attempt.ts'
import type { DeliveryHistory } from './delivery-history.ts'
import type { DeliveryStore } from './delivery-store.ts'
import type { FailureList } from './failure-list.ts'
import type { TakeHandOver } from './hand-over.ts'
import type { KnownEndpoints } from './known-endpoints.ts'
import type { PostWebhook } from './post-webhook.ts'
import type { WebhookQueue } from './webhook-queue.ts'

export interface WebhookRoutesOptions {
  readonly takeHandOver: TakeHandOver
  readonly store: Pick<DeliveryStore, 'accept' | 'replay' | 'log'>
  readonly endpoints: KnownEndpoints
  readonly history: DeliveryHistory
  readonly queue: Pick<WebhookQueue, 'ensure'>
  readonly failures: FailureList
  readonly longPoll: LongPoll
  readonly testSender: PostWebhook
  /** Events that may wait for an endpoint when more are sent to it again. */
  readonly share: number
  readonly lane: ReadLane
  readonly now: () => number
}

const params = z.object({ id: webhookId })

const route = routeWith<WebhookRoutesOptions>()

export function addWebhookRoutes(app: ServiceApp, ports: WebhookRoutesOptions): void {
  addRoutes(app, ports, [
    takeEvents,
    listFailures,
    acknowledgeFailures,
    readStates,
    listAttempts,
    replayEvents,
    tryEndpoint,
  ])
}

const takeEvents = route({
  method: 'POST',
  url: '/v1/webhooks/hand-over',
  schema: {
    summary: 'Events and endpoints of the outbox; answered when they wait in Redis',
    body: webhookHandOver,
    response: { 204: z.null(), 503: problem },
  },
  handler: async ({ takeHandOver }, { body }, reply) => {
    await orUnavailable(takeHandOver(body))
    return reply.code(204).send(null)
  },
})

const listFailures = route({
  method: 'GET',
  url: '/v1/webhooks/failures',
  schema: {
    summary: 'Endpoints to which nothing gets through; they are to be disabled',
    querystring: longPollQuery,
    response: { 200: webhookFailures, 503: problem },
  },
  handler: async ({ failures, longPoll }, { query }, reply) => {
    const found = await longPoll(reply, {
      look: () => orUnavailable(failures.list()),
      isEmpty: (list) => list.length === 0,
      changes: failures.changes,
      ...query,
    })
    return { failures: found }
  },
})

const acknowledgeFailures = route({
  method: 'POST',
  url: '/v1/webhooks/failures/acknowledge',
  schema: {
    summary: 'These endpoints are disabled now, or have changed',
    body: webhookFailuresAcknowledgement,
    response: { 204: z.null(), 503: problem },
  },
  handler: async ({ failures }, { body }, reply) => {
    await orUnavailable(failures.acknowledge(body.failures))
    return reply.code(204).send(null)
  },
})

const readStates = route({
  method: 'POST',
  url: '/v1/webhooks/states',
  schema: {
    summary: 'The state of deliveries to endpoints',
    body: webhookStatesRequest,
    response: { 200: webhookStates, 503: problem },
  },
  handler: async ({ history, lane }, { body }) => ({
    states: await lane.run(() => orUnavailable(Promise.all(body.ids.map(history.state)))),
  }),
})

const listAttempts = route({
  method: 'GET',
  url: '/v1/webhooks/:id/attempts',
  schema: {
    summary: 'The newest attempts, newest first',
    params,
    querystring: attemptListQuery,
    response: { 200: attemptPage, 503: problem },
  },
  handler: ({ history, lane }, { params: { id }, query: { first, after } }) =>
    lane.run(() => orUnavailable(history.attempts(id, first, after))),
})

const replayEvents = route({
  method: 'POST',
  url: '/v1/webhooks/:id/replays',
  schema: {
    summary: 'Events are sent again: some, or those that were given up',
    params,
    body: replayRequest,
    response: { 200: replayReply, 503: problem },
  },
  handler: async ({ store, endpoints, queue, share }, { params: { id }, body }) => {
    const { webhook, eventIds, events, since } = body
    await orUnavailable(endpoints.configure(webhook))
    const which = since === undefined ? { ids: eventIds } : { sinceMs: Date.parse(since), most: REPLAYS_MAX }
    const replayed = await orUnavailable(store.replay(id, which))
    const others = events.filter(({ cursor }) => !replayed.ids.includes(cursor))
    const dropped =
      others.length === 0 ? [] : (await orUnavailable(store.accept(id, others, 'again', share))).dropped
    await orUnavailable(queue.ensure(id, replayed.job))
    const more = others.map(({ cursor }) => cursor).filter((cursor) => !dropped.includes(cursor))
    return { eventIds: [...replayed.ids, ...more] }
  },
})

const tryEndpoint = route({
  method: 'POST',
  url: '/v1/webhooks/:id/test',
  schema: {
    summary: 'One attempt at once, without retries; also to an endpoint that is disabled',
    params,
    body: webhookTestRequest,
    response: { 200: webhookAttempt, 409: problem, 503: problem },
  },
  handler: async ({ store, endpoints, testSender, now }, { params: { id }, body: { webhook, event } }) => {
    await orUnavailable(endpoints.configure(webhook))
    const endpoint = await orUnavailable(endpoints.get(id))
    if (endpoint === undefined || 'missingKey' in endpoint)
      throw new ProblemError('conflict', 'The endpoint was sealed with a key that the mailer does not have.')
    const signed = { id: event.cursor, body: webhookBody(event) }
    const posted = await postEvent(testSender, endpoint.target, signed, now)
    const outcome = posted.error === null ? 'delivered' : 'failed'
    const type = enumName(event.type)
    const attempt = toAttempt(posted, { eventId: event.cursor, type, attempt: 1, outcome })
    await orUnavailable(store.log(id, attempt))
    return attempt
  },
})
