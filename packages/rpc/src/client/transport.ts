import { ProblemError } from '@emailauth/service/http/problem-error'

/** The call may have reached the service and taken effect, but its reply did not arrive. */
export class LostReply extends ProblemError {}

/** No byte of the call was sent to any process, so it has certainly not taken effect. */
export class NotSent extends ProblemError {}

export const TRY_AGAIN = 'The service is not available for the moment; try again in a few seconds.'

export const NOT_DONE =
  'The service takes no changes for the moment; this call did not take effect. Try again in a few seconds.'

/** One attempt of a call. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path and query; everything variable in it is encoded already. */
  readonly path: string
  /** `x-request-id` among them. */
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** From the call to the last byte of the reply, waiting for a connection included. */
  readonly timeoutMs: number
  /** A second attempt: on a new connection, and to another process of the service where there is one. */
  readonly onNewConnection: boolean
  /** A batch route, which may be called by a frame of a stream. */
  readonly isBatch: boolean
  /** Cuts the call off. Its reply counts as lost then. */
  readonly signal?: AbortSignal | undefined
  /** Receives the parts of a reply that arrives item by item, as parsed JSON. */
  readonly onPart?: ((part: unknown) => void) | undefined
}

export interface ExchangeReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The parsed JSON. undefined: the reply has no body. */
  readonly body: unknown
}

/** A GET whose reply has no end of its own. */
export interface StreamCall {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** The stream fails after this time without a byte. */
  readonly quietMs: number
}

/** The transport to one service: its processes, connections and streams. */
export interface Transport {
  /**
   * @throws {LostReply} when the call may have taken effect; {@link NotSent} when it has not.
   */
  send(exchange: Exchange): Promise<ExchangeReply>
  /** @throws {Error} when the service does not answer with 200, or is cut off. */
  stream(call: StreamCall): Promise<AsyncIterable<Buffer>>
  /** Ends when the calls that run have ended. */
  close(): Promise<void>
}

/**
 * Opens a transport to a service. A client opens one for each kind of call, so that none waits for another.
 * @param maxOpen calls of it at a time, batches and streams aside; others wait within their time-out.
 */
export type OpenTransport = (maxOpen?: number) => Transport
