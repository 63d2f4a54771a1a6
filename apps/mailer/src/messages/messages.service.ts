import type { MessageRequest, MessageResult } from '@emailauth/contracts/messages'
import { type Problem, toProblem } from '@emailauth/contracts/problems'
import type { Logger } from '@emailauth/service/logging/logger'
import type { Deliver } from '../delivery/deliver.ts'
import type { MessageIndex } from '../message-state/message-index.ts'
import type { MessageRecord } from '../message-state/message-record.ts'
import type { MessageStore } from '../message-state/message-store.ts'
import { isMailable } from '../mime/mailbox.ts'
import type { OutcomeList } from '../outcomes/outcome-list.ts'
import { toMessage, toMessageResult, toUnderWay } from './message-answers.ts'

/** Sends messages, and stops those that wait. */
export interface MessagesService {
  /**
   * Mails numbers, once for each message id. Reports each outcome as soon as it is known, or `queued` after
   * the time given. A fault becomes an `unavailable` problem and is logged.
   */
  send(
    requests: readonly MessageRequest[],
    waitMs: number,
    report: (index: number, result: MessageResult) => void,
  ): void
  /** Stops waiting messages of these identities from being sent. Throws when Redis does not answer. */
  drop(ids: {
    readonly identityIds: readonly string[]
    readonly verifiedIds: readonly string[]
  }): Promise<void>
}

export interface MessagesOptions {
  readonly store: MessageStore
  readonly index: Pick<MessageIndex, 'isIdle' | 'reached'>
  readonly deliver: Deliver
  readonly outcomes: Pick<OutcomeList, 'add'>
  /** Bound of open sends. Further sends are refused. */
  readonly maxOpen: number
  readonly logger: Logger | undefined
  /** Unix milliseconds. */
  readonly now: () => number
}

const UNAVAILABLE_RETRY_SECONDS = 5
const BUSY_RETRY_SECONDS = 2

export function createMessagesService(options: MessagesOptions): MessagesService {
  const { store, index, deliver, outcomes, maxOpen, logger, now } = options

  /** The problem of a message that is refused before any attempt. */
  function refusalOf({ email }: MessageRequest): Problem | undefined {
    if (!isMailable(email)) {
      return toProblem('bad-input', 'No mail can be sent to this address.', { field: 'email' })
    }
    if (deliver.open < maxOpen) return undefined
    return toProblem('unavailable', 'Too many mails are under way; try again soon.', {
      retryAfterSeconds: BUSY_RETRY_SECONDS,
    })
  }

  async function outcome(request: MessageRequest): Promise<MessageResult> {
    try {
      const record = await deliver.now(request)
      return record.state === 'rejected' ? await refused(request, record) : toMessageResult(request, record)
    } catch (error) {
      logger?.error({ err: error, identityId: request.identityId }, 'message not delivered')
      const problem = toProblem('unavailable', 'Messages cannot be sent now; try again soon.', {
        retryAfterSeconds: UNAVAILABLE_RETRY_SECONDS,
      })
      return { problem }
    }
  }

  /**
   * A refusal ends the identity, unless another mail to it was delivered. Then it changes only this message.
   */
  async function refused(request: MessageRequest, record: MessageRecord): Promise<MessageResult> {
    const wasDelivered = await store.wasDelivered(request.identityId)
    return wasDelivered ? { message: toMessage(request, record) } : toMessageResult(request, record)
  }

  /**
   * The caller stopped waiting, so the outcome is reported later. A queued message is reported by the queue.
   */
  async function reportLater(request: MessageRequest, result: MessageResult): Promise<void> {
    try {
      if ('message' in result) await outcomes.add(request, result.message.state)
      else if (result.problem.code === 'email-rejected') await outcomes.add(request, 'rejected')
    } catch (error) {
      logger?.warn({ err: error, identityId: request.identityId }, 'an outcome was not kept to be reported')
    }
  }

  return {
    send(requests, waitMs, report) {
      const answered: boolean[] = []
      let missing = requests.length
      // One timer for all messages of the call. When it fires, the call stops waiting.
      const late = setTimeout(() => {
        for (const [index, request] of requests.entries()) {
          // Only a kept message may be called queued: it is mailed even if this mailer dies.
          if (!answered[index]) deliver.whenKept(request, () => answerUnderWay(index, request))
        }
      }, waitMs)
      function answerUnderWay(index: number, request: MessageRequest): void {
        if (!answered[index]) answer(index, toUnderWay(request, now()))
      }
      function answer(index: number, result: MessageResult): void {
        answered[index] = true
        if (--missing === 0) clearTimeout(late)
        report(index, result)
      }

      for (const [index, request] of requests.entries()) {
        const problem = refusalOf(request)
        if (problem !== undefined) answer(index, { problem })
        else {
          void outcome(request).then((result) => {
            if (answered[index]) void reportLater(request, result)
            else answer(index, result)
          })
        }
      }
    },

    async drop({ identityIds, verifiedIds }) {
      // Usually nothing waits. One query then answers for the whole batch of verified identities.
      const used = verifiedIds.length > 0 && (await index.isIdle()) ? [] : verifiedIds
      const waiting = await Promise.all([...identityIds, ...used].map((id) => store.drop(id)))
      await Promise.all(
        waiting.filter((name) => name !== undefined).map((name) => index.reached(name, 'dropped')),
      )
    },
  }
}
