const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How events are delivered. Tests turn hours into seconds by it. */
export interface WebhookLimits {
  /** The pause before each further attempt of an event, each longer or shorter by up to a tenth. */
  readonly scheduleMs: readonly number[]
  /** An event that waits longer, because earlier ones of its identity are tried again, gets one attempt. */
  readonly giveUpMs: number
  /** An answer takes no longer than this, from the look-up of the name to the end of the body. */
  readonly timeoutMs: number
  /**
   * Lease of an attempt. If the mailer dies, another one may claim the event after it. It is longer than an
   * attempt takes.
   */
  readonly leaseMs: number
  /** Attempts under way for one endpoint, over all mailers. */
  readonly concurrency: number
  /** An endpoint that has received nothing for this time is disabled at its next failure. */
  readonly disableAfterMs: number
  /** Events that may wait for one endpoint. Later ones are given up at once, and can be sent again. */
  readonly mostWaiting: number
  /** Events that may wait for all endpoints of a tenant together. From there on each has its share alone. */
  readonly mostOfTenant: number
  /** Events that may wait for one endpoint of such a tenant, or when events are sent to it again. */
  readonly share: number
  /** Events that were given up and can be sent again, for one endpoint. */
  readonly mostFailed: number
  /** Attempts that are logged for one endpoint. */
  readonly mostAttempts: number
  /** How long attempts, and events that were given up, are kept. */
  readonly keptMs: number
}

/** The limits in production. */
export const DEFAULT_WEBHOOK_LIMITS: WebhookLimits = {
  scheduleMs: [
    5 * SECOND,
    30 * SECOND,
    2 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
  ],
  giveUpMs: DAY,
  timeoutMs: 15 * SECOND,
  leaseMs: 20 * SECOND,
  concurrency: 10,
  disableAfterMs: 5 * DAY,
  mostWaiting: 100_000,
  mostOfTenant: 200_000,
  share: 10_000,
  mostFailed: 10_000,
  mostAttempts: 1000,
  keptMs: 7 * DAY,
}

/** How long waiting events are kept after the last change. It is longer than any event waits. */
export const WAITING_KEPT_MS = 3 * DAY
/** How long an endpoint is kept after its last event. The next event brings it again. */
export const CONFIG_KEPT_MS = 30 * DAY
