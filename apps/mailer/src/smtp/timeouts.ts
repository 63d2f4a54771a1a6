/** How long a session waits for each reply, in milliseconds. */
export interface Timeouts {
  /** Name look-up and TCP connection, for each address. */
  readonly connectMs: number
  readonly bannerMs: number
  /** EHLO, STARTTLS, AUTH, RSET. */
  readonly commandMs: number
  readonly mailMs: number
  readonly rcptMs: number
  readonly dataMs: number
  /** Until a message text that has begun is written. */
  readonly blockMs: number
  /** The reply to the dot that ends the message text. */
  readonly dotMs: number
}

/** The minimum of RFC 5321 (4.5.3.2). It gives none for connecting. */
export const RFC_TIMEOUTS: Timeouts = {
  connectMs: 30_000,
  bannerMs: 300_000,
  commandMs: 300_000,
  mailMs: 300_000,
  rcptMs: 300_000,
  dataMs: 120_000,
  blockMs: 180_000,
  dotMs: 600_000,
}
