/** Seconds between two mails to one address, as tenants have it unless they change it. */
export const RESEND_AFTER_SECONDS = 30

/** Counts the seconds down until the code may be sent again. */
export interface Cooldown {
  /** Begins again; 0 ends it. */
  start(seconds: number): void
  stop(): void
}

/**
 * Calls back with the seconds that are left: at once, at every full second, and with 0 at the end. Time that
 * the page slept counts.
 *
 * @param now for tests: milliseconds
 */
export function createCooldown(onSeconds: (left: number) => void, now: () => number = Date.now): Cooldown {
  let timer: ReturnType<typeof setTimeout> | undefined
  let endsAt = 0

  function tick() {
    const leftMs = Math.max(0, endsAt - now())
    onSeconds(Math.ceil(leftMs / 1000))
    timer = leftMs === 0 ? undefined : setTimeout(tick, leftMs % 1000 || 1000)
  }
  function stop() {
    clearTimeout(timer)
    timer = undefined
  }
  return {
    start(seconds) {
      stop()
      endsAt = now() + seconds * 1000
      tick()
    },
    stop,
  }
}
