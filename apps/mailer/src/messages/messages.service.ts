import type { DeliveryReason } from '@emailauth/contracts/delivery-reason'
import type { Message, MessageRequest, MessageResult, MessageState } from '@emailauth/contracts/messages'
import { type Problem, toProblem } from '@emailauth/contracts/problems'
import { inSlices } from '@emailauth/service/in-slices'
import type { Logger } from '@emailauth/service/logger'
import type { Deliver } from '../delivery/deliver.ts'
import type { MessageIndex } from '../message-state/message-index.ts'
import type { MessageRecord } from '../message-state/message-record.ts'
import type { MessageStore } from '../message-state/message-store.ts'
import { isMailable } from '../mime/mailbox.ts'
import type { OutcomeList } from '../outcomes/outcome-list.ts'
import { toMessage, toMessageResult, toUnderWay } from './message-answers.ts'

/** The operations behind the routes. */
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
  /**
   * The newest message of each identity. Identities without one are left out. Throws when Redis does not
   * answer.
   */
  newest(identityIds: readonly string[]): Promise<Message[]>
  /**
   * Messages in a state, latest change first. Skips those that have moved on or whose number has expired, so
   * a page may be short although more follow. Throws when Redis does not answer.
   */
  inState(
    state: MessageState,
    page: {
      readonly tenantId?: string | undefined
      readonly reason?: DeliveryReason | undefined
      readonly first: number
      readonly after?: string | undefined
      /** Changed not before this moment, and before that one. */
      readonly from?: string | undefined
      readonly to?: string | undefined
    },
  ): Promise<{
    readonly messages: Message[]
    readonly cursors: string[]
    readonly next: string | null
  }>
  /** Stops waiting messages of these identities from being sent. Throws when Redis does not answer. */
  drop(ids: {
    readonly identityIds: readonly string[]
    readonly verifiedIds: readonly string[]
  }): Promise<void>
}

export interface MessagesOptions {
  readonly store: MessageStore
  readonly index: Pick<MessageIndex, 'isIdle' | 'page' | 'reached'>
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
/** How often a page is refilled when some of its messages are left out. */
const MOST_ROUNDS = 5
/** The same with a reason, which most messages of a state may not have. */
const MOST_ROUNDS_OF_REASON = 25
/** Larger look-ups wait in the read lane, in parts of this size, so that mails come between them. */
export const LOOKED_UP_AT_ONCE = 25

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

    async newest(identityIds) {
      const found = await inSlices([...new Set(identityIds)], LOOKED_UP_AT_ONCE, store.findNewest)
      return found.filter((newest) => newest !== undefined).map((newest) => toMessage(newest, newest))
    },

    async inState(state, { tenantId, reason, first, after, from, to }) {
      const messages: Message[] = []
      const cursors: string[] = []
      const range = { fromMs: orMs(from), toMs: orMs(to) }
      let next: string | null = after ?? null
      const mostRounds = reason === undefined ? MOST_ROUNDS : MOST_ROUNDS_OF_REASON
      for (let round = 0; round < mostRounds && messages.length < first; round++) {
        const page = await index.page(state, {
          first: first - messages.length,
          after: next ?? undefined,
          tenantId,
          ...range,
        })
        const records = await inSlices(page.names, LOOKED_UP_AT_ONCE, store.find)
        for (const [i, name] of page.names.entries()) {
          const record = records[i]
          if (record?.state !== state) continue
          const message = toMessage(name, record)
          if (reason !== undefined && message.reason !== reason) continue
          messages.push(message)
          cursors.push(page.cursors[i] ?? '')
        }
        next = page.next
        if (next === null) break
      }
      return { messages, cursors, next }
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

const orMs = (moment: string | undefined) => (moment === undefined ? undefined : Date.parse(moment))
