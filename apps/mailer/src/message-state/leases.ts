/** A claim older than this belongs to a dead mailer. A living one renews it well before. */
export const LEASE_MS = 5000
/**
 * Lease while a relay has the whole message and has not answered. It is longer, so that a mailer which is
 * cut off from Redis keeps its message. Another mailer would send it a second time.
 */
export const AT_DOT_LEASE_MS = 60_000
