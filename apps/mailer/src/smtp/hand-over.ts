/** A mail on its way to an SMTP server. */
export interface OutgoingMail {
  readonly from: string
  readonly to: string
  /** The whole message, headers and bodies. */
  readonly raw: Buffer
  /** Gives up when aborted. Whether the server has the mail then is unknown. */
  readonly signal: AbortSignal
}

/**
 * How a hand-over ended. `reply` is what the server said, or what kept it from saying anything.
 *
 * sent: the server answered 250, the mail is its own now. rejected: it refused this address or this mail for good. deferred:
 * anything else, so trying again later makes sense; after a lost connection the server may have the mail all the same.
 */
export interface HandOver {
  readonly outcome: 'sent' | 'rejected' | 'deferred'
  readonly reply: string
}

/** The way out to the SMTP servers. */
export interface Smtp {
  /** Never throws: a failure is an outcome. */
  handOver(mail: OutgoingMail): Promise<HandOver>
  /** Lets what is being handed over finish, then says goodbye to the servers. */
  close(): Promise<void>
}
