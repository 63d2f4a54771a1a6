import type { MessageRequest } from '@emailauth/contracts/messages'
import type { Logger } from '@emailauth/service/logging/logger'
import type { MessageStore } from '../message-state/message-store.ts'

const AGAIN_AFTER_MS = 100

/**
 * The copy in Redis of a message under way. It is kept once a caller was promised that the message will be
 * sent. Most messages end before that and need none.
 */
export class Copy {
  readonly #store: Pick<MessageStore, 'keep'>
  readonly #request: MessageRequest
  readonly #logger: Logger | undefined
  #isClaimed = false
  #isWanted = false
  #isKept = false
  #isOver = false
  #waiting: (() => void)[] | undefined

  constructor(store: Pick<MessageStore, 'keep'>, request: MessageRequest, logger: Logger | undefined) {
    this.#store = store
    this.#request = request
    this.#logger = logger
  }

  /** The message's state is in Redis, so that a copy can be kept. */
  claimed(): void {
    if (this.#isClaimed) return
    this.#isClaimed = true
    if (this.#isWanted) void this.#keep()
  }

  /** Keeps a copy, once. Calls back when it is kept; never when the attempt ends before. */
  want(then?: () => void): void {
    if (then !== undefined && this.#isKept) then()
    else if (then !== undefined) this.#waiting = [...(this.#waiting ?? []), then]
    if (this.#isWanted) return
    this.#isWanted = true
    if (this.#isClaimed) void this.#keep()
  }

  /** The attempt has ended, and nobody waits for a copy any more. */
  over(): void {
    this.#isOver = true
    this.#waiting = undefined
  }

  async #keep(): Promise<void> {
    while (!this.#isOver) {
      try {
        // False: the message is over elsewhere, and its outcome will be known in a moment.
        this.#isKept = await this.#store.keep(this.#request)
        break
      } catch (error) {
        this.#logger?.warn({ err: error }, 'a message under way was not kept')
        await new Promise((again) => setTimeout(again, AGAIN_AFTER_MS))
      }
    }
    if (!this.#isKept) return
    for (const then of this.#waiting ?? []) then()
    this.#waiting = undefined
  }
}
