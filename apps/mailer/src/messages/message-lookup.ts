import type { DeliveryReason } from '@emailauth/contracts/delivery-reason'
import type { Message, MessageState } from '@emailauth/contracts/messages'
import { inSlices } from '@emailauth/service/timing/in-slices'
import type { MessageIndex } from '../message-state/message-index.ts'
import type { MessageName } from '../message-state/message-name.ts'
import type { MessageStore } from '../message-state/message-store.ts'
import { toMessage } from './message-answers.ts'

/** Finds messages, of identities or in a state. */
export interface MessageLookup {
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
}

/** How often a page is refilled when some of its messages are left out. */
const MOST_ROUNDS = 5
/** The same with a reason, which most messages of a state may not have. */
const MOST_ROUNDS_OF_REASON = 25
/** Larger look-ups wait in the read lane, in parts of this size, so that mails come between them. */
export const LOOKED_UP_AT_ONCE = 25

export function createMessageLookup(
  store: Pick<MessageStore, 'find' | 'findNewest'>,
  index: Pick<MessageIndex, 'page'>,
): MessageLookup {
  const lookUp = (names: readonly MessageName[]) =>
    inSlices(names, LOOKED_UP_AT_ONCE, async (name) => {
      const record = await store.find(name)
      return record && toMessage(name, record)
    })

  return {
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
        const found = await lookUp(page.names)
        for (const [i, message] of found.entries()) {
          if (message?.state !== state || (reason !== undefined && message.reason !== reason)) continue
          messages.push(message)
          cursors.push(page.cursors[i] ?? '')
        }
        next = page.next
        if (next === null) break
      }
      return { messages, cursors, next }
    },
  }
}

const orMs = (moment: string | undefined) => (moment === undefined ? undefined : Date.parse(moment))
