/**
 * The places of one worker, in which jobs run. A job whose tenant has its share already is put back, so that
 * jobs of one tenant that hang leave places for others.
 */
export interface FairPlaces {
  /**
   * Takes a place for a job of this tenant.
   * @returns undefined, until `leave`; else when the job may come again, in Unix milliseconds
   */
  enter(tenantId: string): number | undefined
  leave(tenantId: string): void
}

/** A job that is put back comes again after this. */
export const AGAIN_AFTER_MS = 1000
/** Jobs of one tenant that are put back come again one by one, because each costs Redis some commands. */
export const APART_MS = 10
/** No job is put back for longer. It is a small part of the life of a number. */
export const LONGEST_MS = 30_000
/** Of so many places one is kept for a tenant that has none. */
const RESERVED_OF = 10

export interface FairPlacesOptions {
  /** While fewer places than this are taken, every tenant gets one. Default: 0. */
  readonly unshared?: number
  /** Unix milliseconds. */
  readonly now?: () => number
}

/**
 * A tenant may have as many places as are free beyond the reserved ones. So one tenant gets nearly half of
 * them, the next one half of what is left, and then as many tenants as places are reserved get one each. When
 * all are taken, jobs wait until one ends.
 */
export function createFairPlaces(
  places: number,
  { unshared = 0, now = Date.now }: FairPlacesOptions = {},
): FairPlaces {
  const heldBy = new Map<string, number>()
  /** When the last job of a tenant that was put back comes again. Those changed last stand last. */
  const lastAtMs = new Map<string, number>()
  const reserved = Math.ceil(places / RESERVED_OF)
  let free = places

  function mayEnter(held: number): boolean {
    const isUnshared = places - free < unshared
    return free > 0 && (held === 0 || isUnshared || held < free - reserved)
  }

  function putBack(tenantId: string): number {
    const nowMs = now()
    const next = (lastAtMs.get(tenantId) ?? 0) + APART_MS
    const againAtMs = Math.max(nowMs + AGAIN_AFTER_MS, Math.min(nowMs + LONGEST_MS, next))
    lastAtMs.delete(tenantId)
    lastAtMs.set(tenantId, againAtMs)
    for (const [oldest, atMs] of lastAtMs) {
      if (atMs > nowMs) break
      lastAtMs.delete(oldest)
    }
    return againAtMs
  }

  return {
    enter(tenantId) {
      const held = heldBy.get(tenantId) ?? 0
      if (!mayEnter(held)) return putBack(tenantId)
      heldBy.set(tenantId, held + 1)
      free -= 1
      return undefined
    },
    leave(tenantId) {
      const held = heldBy.get(tenantId)
      if (held === undefined) return
      if (held === 1) heldBy.delete(tenantId)
      else heldBy.set(tenantId, held - 1)
      free += 1
    },
  }
}
