import { z } from 'zod'

// A batch stream is one long request and one long reply of JSON lines, the frames. A request frame is a batch
// as its own route accepts it; a reply frame is that route's reply. A separate HTTP request for each batch
// would cost both ends more than the batch itself.

export const BATCH_STREAM_PATH = '/v1/batch-stream'
export const JSON_LINES = 'application/x-ndjson'

/** What a client sends. */
export const requestFrame = z.object({
  /** Names the reply; unique in its stream. */
  id: z.int(),
  /** The batch route. Absent in a ping, which is answered with 204 at once. */
  path: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
})
export type RequestFrame = z.input<typeof requestFrame>

/** One part of a reply, from routes that reply item by item. The reply frame follows the last part. */
const partFrame = z.object({ id: z.int(), part: z.unknown() })
export type PartFrame = z.infer<typeof partFrame>

/** The reply to a request frame. Replies come in any order. */
const replyFrame = z.object({
  id: z.int(),
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown().optional(),
})
export type ReplyFrame = z.infer<typeof replyFrame>

/** A service that shuts down accepts no more frames. It still replies to those that it has. */
const drainFrame = z.object({ closing: z.literal(true) })
export type DrainFrame = z.infer<typeof drainFrame>

/** What a service sends. */
export type ServerFrame = ReplyFrame | PartFrame | DrainFrame

/**
 * Reads what a service sends. Its fields distinguish the three: a union would try them in turn, and build an
 * error for each that does not fit.
 */
export function readServerFrame(frame: unknown): ServerFrame {
  if (typeof frame !== 'object' || frame === null) return replyFrame.parse(frame)
  if ('part' in frame) return partFrame.parse(frame)
  return 'closing' in frame ? drainFrame.parse(frame) : replyFrame.parse(frame)
}
