import type { Actor } from '@emailauth/contracts/events'
import type { SpanOptions } from '@emailauth/service/tracing'

/** One call of a service's REST API. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path and query; everything variable in it is already encoded. */
  readonly path: string
  /** Sent as JSON. */
  readonly body?: unknown
  /** Goes along as `x-request-id`, so that the log lines of both sides can be joined. Default: a new one; errors name it. */
  readonly requestId?: string
  /** For whom it is, where that is written down. */
  readonly actor?: Actor | undefined
  /** The spans of the calls that travel in this one. */
  readonly links?: SpanOptions['links']
  /** Beside those that every call has. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Shorter or longer than the client's own time-out of one attempt. */
  readonly timeoutMs?: number
  /** Does no harm twice, so that it is made once more when its reply is lost. Default: GETs. */
  readonly repeats?: boolean
  /** For both attempts together. Default: twice the time-out. */
  readonly withinMs?: number
  /** The path is a batch route, so that the first attempt may be a line of a batch stream. */
  readonly isBatch?: boolean
  /** Takes the lines of a good reply, or its parts, as they come, each as what its JSON says; the reply's body says nothing then. */
  readonly onLine?: (line: unknown) => void
}
