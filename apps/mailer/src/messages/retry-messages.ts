import { type MessageRetryRequest, RETRIES_MAX } from '@emailauth/contracts/messages'
import type { RetryQueue } from '../delivery/retry-queue.ts'
import type { MessageIndex } from '../message-state/message-index.ts'
import type { MessageName } from '../message-state/message-name.ts'
import type { MessageStore } from '../message-state/message-store.ts'

/** Tries deferred messages now. Returns how many. Throws when Redis does not answer. */
export type RetryMessages = (request: MessageRetryRequest) => Promise<number>

const PAGE = 200
/** Listed messages that one call looks at. Some may be tried already, and are listed until that ends. */
const LOOKED_AT_MAX = 10 * RETRIES_MAX

export function createRetryMessages(
  store: Pick<MessageStore, 'findNewest'>,
  index: Pick<MessageIndex, 'page'>,
  queue: Pick<RetryQueue, 'promoteThese'>,
): RetryMessages {
  async function* deferred(tenantId: string | undefined): AsyncGenerator<readonly MessageName[]> {
    let after: string | undefined
    for (let seen = 0; seen < LOOKED_AT_MAX; seen += PAGE) {
      const page = await index.page('deferred', { first: PAGE, after, tenantId })
      yield page.names
      if (page.next === null) return
      after = page.next
    }
  }

  return async ({ identityIds, tenantId }) => {
    if (identityIds !== undefined) {
      const newest = await Promise.all(identityIds.map((id) => store.findNewest(id)))
      return queue.promoteThese(newest.filter((message) => message !== undefined))
    }
    let retried = 0
    for await (const names of deferred(tenantId)) {
      retried += await queue.promoteThese(names.slice(0, RETRIES_MAX - retried))
      if (retried === RETRIES_MAX) break
    }
    return retried
  }
}
