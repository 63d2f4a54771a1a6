import type { MessageStore } from '../message-state/message-store.ts'
import type { OutcomeList } from './outcome-list.ts'

/**
 * Filters out refusals of identities that already got a mail. A reported refusal deletes the identity, but
 * here a person may hold its number.
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
