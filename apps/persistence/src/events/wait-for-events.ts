import { ACTS, EVERYWHERE, type Notifications } from '../store/notifications.ts'

/** Waits until there may be events to read. */
export interface EventWait {
  /**
   * Returns after a notification, or after some seconds. Answers whether it is worth to look: something was
   * notified since the last call, or notifications do not arrive.
   * @param isSoon true: events are there already, and can be read in a moment
   */
  next(isSoon: boolean, signal: AbortSignal): Promise<boolean>
  close(): void
}

/** How often a reader without notifications looks. */
const POLL_MS = 150
/** The longest wait. After it readers get the message that nothing is new. */
const QUIET_MS = 4500

/** The events of one tenant, or of all; with those of admins or without. */
interface Scope {
  readonly tenantId?: string | undefined
  readonly audit: boolean
}

export function waitForEvents(notifications: Notifications, { tenantId, audit }: Scope): EventWait {
  let isNotified = false
  let wake = () => {}
  const unsubscribe = notifications.subscribe((ids) => {
    const isOurs = tenantId === undefined || ids.has(tenantId) || ids.has(EVERYWHERE)
    if (!isOurs && !(audit && ids.has(ACTS))) return
    isNotified = true
    wake()
  })
  return {
    async next(isSoon, signal) {
      const mustPoll = isSoon || !notifications.isLive()
      if (!signal.aborted && (mustPoll || !isNotified)) {
        await new Promise<void>((resolve) => {
          const done = () => {
            clearTimeout(timer)
            signal.removeEventListener('abort', done)
            wake = () => {}
            resolve()
          }
          const timer = setTimeout(done, mustPoll ? POLL_MS : QUIET_MS)
          signal.addEventListener('abort', done)
          // Events that wait for their time do not come sooner by another notification.
          if (!isSoon) wake = done
        })
      }
      const isWorthALook = mustPoll || isNotified
      isNotified = false
      return isWorthALook
    },
    close: unsubscribe,
  }
}
