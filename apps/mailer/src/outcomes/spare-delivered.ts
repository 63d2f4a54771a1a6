import type { MessageStore } from '../message-state/message-store.ts'
import type { OutcomeList } from './outcome-list.ts'

/**
 * Keeps refusals of further mails from being reported: a reported refusal ends the identity, and a number that was delivered before
 * is in the hands of its person.
 */
export function spareDelivered(
  outcomes: OutcomeList,
  store: Pick<MessageStore, 'wasDelivered'>,
): OutcomeList {
  return {
    ...outcomes,
    async add(name, state) {
      if (state === 'rejected' && (await store.wasDelivered(name.identityId))) return
      await outcomes.add(name, state)
    },
  }
}
