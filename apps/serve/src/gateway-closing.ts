/**
 * How long the gateway may wait for the mailer while it closes. Then the mailer cuts its attempts off, for
 * which it takes most of the time that a shutdown has.
 */
export const GATEWAY_CLOSING_MS = 2000
