import type { CallingActor } from '@emailauth/contracts/events'
import type { GatherUntil } from '@emailauth/gather/gather'
import type { SpanOptions } from '@emailauth/service/telemetry/tracing'
import type { z } from 'zod'
import type { Exchange } from './transport.ts'

/** One call of a service's REST API. */
export interface Call<Body> {
  readonly method: Exchange['method']
  readonly path: string
  /** The shape of the body of a 2xx reply. */
  readonly reply: z.ZodType<Body>
  readonly body?: unknown
  /** Sent as `x-request-id`, which joins the log lines of both sides. Errors name it. Default: a new one. */
  readonly requestId?: string | undefined
  /** The actor, for the audit log. */
  readonly actor?: CallingActor | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Of one attempt. Default: the client's own. */
  readonly timeoutMs?: number
  /**
   * True when repeating the call is harmless, so that a lost reply is retried once. Default: true for GET
   * only.
   */
  readonly isIdempotent?: boolean
  /** Cuts the call off. Its reply counts as lost then. */
  readonly signal?: AbortSignal | undefined
  /** For both attempts together. Default: twice the time-out of one. */
  readonly withinMs?: number
}

/** A batch route: many calls in one request. Three policies decide how each of its requests is made. */
export interface BatchRoute<Result> {
  readonly path: string
  /** The shape of one result. */
  readonly result: z.ZodType<Result>
  /** Which calls are sent together. */
  readonly batch: { readonly max: number; readonly until: GatherUntil }
  /** A lost reply is always requested again, because the requests of a batch have ids. */
  readonly retry: {
    /** Retries calls once that were `unavailable`. */
    readonly unavailable: boolean
    /** For all attempts together. */
    readonly withinMs: number
  }
  /** The deadline headers. Absent: the route has no deadline. */
  readonly deadline?: (withinMs: number) => Promise<Readonly<Record<string, string>>>
  /**
   * Results arrive one by one, each with its `index`, so none waits for the slowest. Default: all in one
   * reply.
   */
  readonly streamed?: boolean
}

/** The spans of calls that travel in another's request. */
export type Links = SpanOptions['links']
