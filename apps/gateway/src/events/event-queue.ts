import { ProblemError } from '@emailauth/service/http/problem-error'

/** The reader fell too far behind. It can continue after the last event that it has seen. */
export class ReaderTooSlow extends ProblemError {
  constructor() {
    super('unavailable', 'The reader is too slow; begin again with the last cursor as `after`.')
  }
}

/** Hands on what is pushed, in order, to one reader. */
export interface EventQueue<Item> {
  push(item: Item): void
  /** Ends the queue after its present events, with an error for the reader. */
  fail(error: Error): void
  readonly reader: AsyncIterableIterator<Item>
}

/**
 * A queue whose reader can leave at any moment, also while it waits (an async generator cannot).
 * @param most a reader that falls further behind is dropped with an error
 * @param onEnd called once, at its end
 */
export function createEventQueue<Item>(most: number, onEnd: () => void): EventQueue<Item> {
  const items: Item[] = []
  let waiting: { resolve(result: IteratorResult<Item>): void; reject(error: Error): void } | undefined
  let end: { error?: Error } | undefined

  const finish = (error?: Error) => {
    if (end !== undefined) return
    end = error === undefined ? {} : { error }
    if (error === undefined) waiting?.resolve({ done: true, value: undefined })
    else waiting?.reject(error)
    waiting = undefined
    onEnd()
  }

  return {
    push(item) {
      if (end !== undefined) return
      if (waiting !== undefined) {
        waiting.resolve({ done: false, value: item })
        waiting = undefined
      } else if (items.push(item) > most) {
        items.length = 0
        finish(new ReaderTooSlow())
      }
    },
    fail: finish,
    reader: {
      async next() {
        const item = items.shift()
        if (item !== undefined) return { done: false, value: item }
        if (end?.error !== undefined) throw end.error
        if (end !== undefined) return { done: true, value: undefined }
        return new Promise((resolve, reject) => {
          waiting = { resolve, reject }
        })
      },
      async return() {
        items.length = 0
        finish()
        return { done: true, value: undefined }
      },
      [Symbol.asyncIterator]() {
        return this
      },
    },
  }
}
