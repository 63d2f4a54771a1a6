import type { Event, EventType } from '@emailauth/contracts/events'

/** Filters events by type. Ending it ends the source too. */
export function pick(
  source: AsyncIterableIterator<Event>,
  types: readonly EventType[] | null | undefined,
): AsyncIterableIterator<Event> {
  if (types === null || types === undefined || types.length === 0) return source
  const wanted = new Set(types)
  return {
    async next() {
      for (;;) {
        const result = await source.next()
        if (result.done === true || wanted.has(result.value.type)) return result
      }
    },
    return: () => source.return?.() ?? Promise.resolve({ done: true, value: undefined }),
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
