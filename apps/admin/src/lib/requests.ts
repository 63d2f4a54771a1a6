/**
 * The requests behind a list. Several may be under way, and their answers may come in another order than the
 * calls. Each request gives a function, which its answer calls once: true when it may change the list.
 */
export interface Requests {
  /** A request for the whole list, or its first page. Outdated once the answer to a later one was taken. */
  all(): () => boolean
  /** A request for the page behind the list. Outdated once the list has changed. */
  more(): () => boolean
}

export function createRequests(): Requests {
  let begun = 0
  let newestTaken = 0
  let version = 0
  return {
    all() {
      const mine = ++begun
      return () => {
        if (mine < newestTaken) return false
        newestTaken = mine
        version++
        return true
      }
    },
    more() {
      const asked = version
      return () => {
        if (asked !== version) return false
        version++
        return true
      }
    },
  }
}
