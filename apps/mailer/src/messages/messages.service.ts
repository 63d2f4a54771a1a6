import type { Message, MessageRequest, MessageResult } from '@emailauth/contracts/messages'
import { toProblem } from '@emailauth/contracts/problems'
import type { Logger } from '@emailauth/service/logger'
import type { Deliver } from '../delivery/deliver.ts'
import type { MessageStore } from '../delivery/message-store.ts'
import { isMailable } from '../smtp/mailbox.ts'
import { RETRY_AFTER_SECONDS, toMessage, toMessageResult } from './message-answers.ts'

/** What the routes offer. */
export interface MessagesService {
  /** Mails a number, once for each message id. Never throws: a fault is an `unavailable` problem, and logged. */
  send(request: MessageRequest): Promise<MessageResult>
  /** The newest message of each identity; one without any is left out. Throws when Redis does not answer. */
  newest(identityIds: readonly string[]): Promise<Message[]>
  /** What still waits for these identities is not sent. Throws when Redis does not answer. */
  drop(identityIds: readonly string[]): Promise<void>
}

export function createMessagesService(
  store: MessageStore,
  deliver: Deliver,
  logger: Logger | undefined,
): MessagesService {
  return {
    async send(request) {
      if (!isMailable(request.email)) {
        const problem = toProblem('bad-input', 'No mail can be sent to this address.', { field: 'email' })
        return { problem }
      }
      try {
        return toMessageResult(request, await deliver(request))
      } catch (error) {
        logger?.error({ err: error, identityId: request.identityId }, 'message not delivered')
        const problem = toProblem('unavailable', 'Messages cannot be sent now; try again soon.', {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        })
        return { problem }
      }
    },

    async newest(identityIds) {
      const found = await Promise.all([...new Set(identityIds)].map((id) => store.findNewest(id)))
      return found.filter((newest) => newest !== undefined).map((newest) => toMessage(newest, newest))
    },

    async drop(identityIds) {
      await Promise.all(identityIds.map((id) => store.drop(id)))
    },
  }
}
