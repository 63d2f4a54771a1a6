import { Readable } from 'node:stream'
import {
  type MessageRequest,
  type MessageResult,
  message,
  messageBatchReply,
  messageBatchRequest,
  messageCounts,
  messageCountsQuery,
  messageDropRequest,
  messageList,
  messageQuery,
  messageRequest,
  messageRetryReply,
  messageRetryRequest,
} from '@emailauth/contracts/messages'
import { problem } from '@emailauth/contracts/problems'
import { JSON_LINES } from '@emailauth/rpc/frames'
import type { Batches } from '@emailauth/rpc/server/batches'
import type { ServiceApp } from '@emailauth/service/http/app'
import { sendProblem } from '@emailauth/service/http/problem-replies'
import type { ReadLane } from '@emailauth/service/http/read-lane'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { z } from 'zod'
import { orUnavailable } from '../message-state/or-unavailable.ts'
import type { CountMessages } from './count-messages.ts'
import { LOOKED_UP_AT_ONCE, type MessageLookup } from './message-lookup.ts'
import type { MessagesService } from './messages.service.ts'
import { readPrefer } from './prefer.ts'
import { createResultLines } from './result-lines.ts'
import type { RetryMessages } from './retry-messages.ts'

interface MessagePorts {
  readonly messages: MessagesService
  readonly lookup: MessageLookup
  readonly countMessages: CountMessages
  readonly retryMessages: RetryMessages
  readonly lane: ReadLane
}

export interface MessageRoutes extends MessagePorts {
  readonly batches: Batches
}

const route = routeWith<MessagePorts>()

export function addMessageRoutes(app: ServiceApp, { batches, ...ports }: MessageRoutes): void {
  addRoutes(app, ports, [sendOne, sendMany, listMessages, countByState, retryNow, dropMessages])
  batches.addParts({
    path: '/v1/messages/batch',
    body: messageBatchRequest,
    answer: ({ requests }, { headers }, report) =>
      sendAll(ports.messages, requests, readPrefer(headers.prefer).waitMs, (index, result) =>
        report({ index, ...result }),
      ),
  })
}

const sendOne = route({
  method: 'POST',
  url: '/v1/messages',
  schema: {
    summary:
      'Mail a number to a person; the answer comes when the SMTP server has taken the mail or refused it, or after `Prefer: wait` seconds (5)',
    body: messageRequest,
    response: { 200: message, 202: message, 400: problem, 422: problem, 503: problem },
  },
  handler: async ({ messages }, request, reply) => {
    const { waitMs, applied } = readPrefer(request.headers.prefer)
    if (applied !== undefined) reply.header('preference-applied', applied)
    const result = await new Promise<MessageResult>((resolve) => {
      messages.send([request.body], waitMs, (_, answer) => resolve(answer))
    })
    if ('problem' in result) return sendProblem(request, reply, result.problem)
    return reply.code(result.message.state === 'queued' ? 202 : 200).send(result.message)
  },
})

const sendMany = route({
  method: 'POST',
  url: '/v1/messages/batch',
  schema: {
    summary:
      'Mail several numbers; each is answered for itself, in the order asked. With `Accept: application/x-ndjson` each result is a line of its own with its `index`, as soon as it is known',
    body: messageBatchRequest,
    response: { 200: messageBatchReply },
  },
  handler: async ({ messages }, { body, headers }, reply) => {
    const { waitMs, applied } = readPrefer(headers.prefer)
    if (applied !== undefined) reply.header('preference-applied', applied)
    const { requests } = body
    if (headers.accept !== JSON_LINES) {
      const results: MessageResult[] = []
      await sendAll(messages, requests, waitMs, (index, result) => {
        results[index] = result
      })
      return { results }
    }
    const lines = createResultLines(requests.length)
    messages.send(requests, waitMs, lines.add)
    const text = await lines.read()
    // The schema says what a body of JSON has; as lines it is a text or a stream.
    return reply
      .type(JSON_LINES)
      .serializer((ready: unknown) => ready as string)
      .send((typeof text === 'string' ? text : Readable.from(text)) as never)
  },
})

const listMessages = route({
  method: 'GET',
  url: '/v1/messages',
  schema: {
    summary:
      'The newest message of each identity (`ids`), or messages in a state (`state`), latest change first',
    querystring: messageQuery,
    response: { 200: messageList, 503: problem },
  },
  handler: async ({ lookup, lane }, { query: { ids, state, ...page } }) => {
    if (state === undefined) {
      const lookUp = () => orUnavailable(lookup.newest(ids ?? []))
      const isShort = (ids?.length ?? 0) <= LOOKED_UP_AT_ONCE
      return { messages: await (isShort ? lookUp() : lane.run(lookUp)) }
    }
    const found = await lane.run(() => orUnavailable(lookup.inState(state, page)))
    return { messages: found.messages, cursors: found.cursors, nextAfter: found.next }
  },
})

const countByState = route({
  method: 'GET',
  url: '/v1/messages/counts',
  schema: {
    summary: "How many of a tenant's messages reached each state within a day",
    querystring: messageCountsQuery,
    response: { 200: messageCounts, 503: problem },
  },
  handler: async ({ lane, countMessages }, { query: { tenantId } }) => ({
    counts: await lane.run(() => orUnavailable(countMessages(tenantId))),
  }),
})

const retryNow = route({
  method: 'POST',
  url: '/v1/messages/retries',
  schema: {
    summary: 'Deferred messages are tried now: those of some identities, of a tenant, or all',
    body: messageRetryRequest,
    response: { 200: messageRetryReply, 503: problem },
  },
  handler: async ({ retryMessages }, { body }) => ({ retried: await orUnavailable(retryMessages(body)) }),
})

const dropMessages = route({
  method: 'POST',
  url: '/v1/messages/drops',
  schema: {
    summary: 'These identities are verified, replaced or revoked; what still waits for them is not sent',
    body: messageDropRequest,
    response: { 204: z.null(), 503: problem },
  },
  handler: async ({ messages }, { body }, reply) => {
    await orUnavailable(messages.drop(body))
    return reply.code(204).send(null)
  },
})

/** Resolves when each request has its result. */
function sendAll(
  messages: MessagesService,
  requests: readonly MessageRequest[],
  waitMs: number,
  report: (index: number, result: MessageResult) => void,
): Promise<void> {
  return new Promise((done) => {
    let missing = requests.length
    messages.send(requests, waitMs, (index, result) => {
      report(index, result)
      if (--missing === 0) done()
    })
  })
}
