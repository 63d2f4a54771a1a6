import { EVERYWHERE, type Notifications } from '../store/notifications.ts'

/** Knows which tenants may have something for the mailer, so that the others are not read each second. */
export interface ChangedTenants {
  /**
   * Filters tenants to those with new events, in the given order. Without notifications it returns all. The
   * first `anyway` ones are always included, because a notification may get lost.
   */
  among(ids: readonly string[], anyway: number): string[]
  /** Records that a look which began then found nothing. */
  foundNothing(id: string, beganAt: number): void
  /** How many tenants the next look always includes, so that in time each gets its turn. */
  anyway(count: number): number
  /** Whether the last look at these tenants found nothing and no notification has come since. */
  areQuiet(ids: readonly string[]): boolean
}

/** An event can be read at most this long after its notification, because clocks of a Cluster differ. */
const SETTLED_MS = 3000
/** Each tenant is looked at within this time, with or without a notification. */
const ALL_WITHIN_MS = 300_000

export function changedTenants(
  notifications: Pick<Notifications, 'subscribe' | 'isLive'>,
  now: () => number = () => performance.now(),
): ChangedTenants {
  /** Nothing was found there, and nothing has happened since. */
  const quiet = new Set<string>()
  const notifiedAt = new Map<string, number>()
  let allNotifiedAt = Number.NEGATIVE_INFINITY

  notifications.subscribe((ids) => {
    if (ids.has(EVERYWHERE)) {
      quiet.clear()
      notifiedAt.clear()
      allNotifiedAt = now()
    }
    for (const id of ids) {
      // Of tenants without endpoints nobody asks.
      if (!quiet.delete(id) && !notifiedAt.has(id)) continue
      notifiedAt.set(id, now())
    }
  })

  let lastAt = now()

  return {
    anyway(count) {
      const passedMs = now() - lastAt
      lastAt += passedMs
      return Math.min(count, Math.max(1, Math.ceil((count * passedMs) / ALL_WITHIN_MS)))
    },
    among(ids, anyway) {
      if (!notifications.isLive()) return [...ids]
      return ids.filter((id, at) => at < anyway || !quiet.has(id))
    },
    areQuiet: (ids) => notifications.isLive() && ids.every((id) => quiet.has(id)),
    foundNothing(id, beganAt) {
      const changedAt = Math.max(notifiedAt.get(id) ?? Number.NEGATIVE_INFINITY, allNotifiedAt)
      if (beganAt < changedAt + SETTLED_MS) {
        notifiedAt.set(id, changedAt)
        return
      }
      notifiedAt.delete(id)
      quiet.add(id)
    },
  }
}
