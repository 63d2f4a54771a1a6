import {
  message,
  messageBatchReply,
  messageBatchRequest,
  messageDropRequest,
  messageList,
  messageQuery,
  messageRequest,
} from '@emailauth/contracts/messages'
import { problem } from '@emailauth/contracts/problems'
import type { ServiceApp } from '@emailauth/service/app'
import { ProblemError } from '@emailauth/service/problem-error'
import { sendProblem } from '@emailauth/service/problem-replies'
import { z } from 'zod'
import type { MessagesService } from './messages.service.ts'

/** The mailer's REST routes. */
export function addMessageRoutes(app: ServiceApp, messages: MessagesService): void {
  app.post(
    '/v1/messages',
    {
      schema: {
        summary:
          'Mail a number to a person; the answer comes when the SMTP server has taken the mail or refused it',
        body: messageRequest,
        response: { 200: message, 400: problem, 422: problem, 503: problem },
      },
    },
    async (request, reply) => {
      const result = await messages.send(request.body)
      return 'message' in result ? result.message : sendProblem(request, reply, result.problem)
    },
  )

  app.post(
    '/v1/messages/batch',
    {
      schema: {
        summary: 'Mail several numbers; each is answered for itself, in the order asked',
        body: messageBatchRequest,
        response: { 200: messageBatchReply },
      },
    },
    async ({ body }) => ({
      results: await Promise.all(body.requests.map((request) => messages.send(request))),
    }),
  )

  app.get(
    '/v1/messages',
    {
      schema: {
        summary: 'The newest message of each identity; an unknown one is left out',
        querystring: messageQuery,
        response: { 200: messageList, 503: problem },
      },
    },
    async ({ query }) => ({ messages: await orUnavailable(messages.newest(query.ids)) }),
  )

  app.post(
    '/v1/messages/drops',
    {
      schema: {
        summary: 'These identities are verified, replaced or revoked; what still waits for them is not sent',
        body: messageDropRequest,
        response: { 204: z.null(), 503: problem },
      },
    },
    async ({ body }, reply) => {
      await orUnavailable(messages.drop(body.identityIds))
      return reply.code(204).send(null)
    },
  )
}

async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw new ProblemError('unavailable', 'The state of messages cannot be reached now; try again soon.', {
      retryAfterSeconds: 1,
      cause,
    })
  }
}
