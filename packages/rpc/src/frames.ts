import { z } from 'zod'

// A batch stream: one long request and one long reply, both of JSON lines. A line of the request is a batch as its own route would take it; a line of
// the reply is what that route would answer. An HTTP request of its own costs both ends more than the batch in it.

export const BATCH_STREAM_PATH = '/v1/batch-stream'
export const JSON_LINES = 'application/x-ndjson'

/** A line of the request: what would be sent to a batch route by itself. */
export const requestFrame = z.object({
  /** Names the reply to it; unique in its stream. */
  id: z.int(),
  /** Absent: nothing is asked for but an answer, which shows that lines get through one by one. */
  path: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
})
export type RequestFrame = z.input<typeof requestFrame>

/** A line with one part of an answer, for routes that answer bit by bit; the line without one ends it. */
export interface PartFrame {
  readonly id: number
  readonly part: unknown
}

/** A line of the reply. Replies come in any order. */
export interface ReplyFrame {
  readonly id: number
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** The line by which a service that shuts down says that it wants no more of them; what it was sent is still answered. */
export interface DrainFrame {
  readonly closing: true
}
