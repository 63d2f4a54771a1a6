import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { MAX_BODY_BYTES } from '@emailauth/contracts/body-limits'
import { parseJson } from '@emailauth/service/http/parse-json'
import type { FastifyBaseLogger } from 'fastify'
import { type DrainFrame, JSON_LINES, type PartFrame, type ReplyFrame, requestFrame } from '../frames.ts'
import { splitLines } from '../split-lines.ts'

/** The context of a batch besides its body. A Fastify request has this shape. */
export interface BatchCall {
  /** The request's, for log lines. */
  readonly id: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly log: Pick<FastifyBaseLogger, 'error'>
}

/** The log of one batch: its lines name the request. */
export function logOf(requestId: string, log: BatchCall['log']): BatchCall['log'] {
  return { error: (fields: object, message?: string) => log.error({ ...fields, reqId: requestId }, message) }
}

/** Sends a part of a reply before its end. */
export type SendPart = (part: object) => void

/** Handles a line of a stream. */
export type BatchReply = Omit<ReplyFrame, 'id'>

export interface BatchStreamOptions {
  /** Never rejects. */
  answer(path: string, body: unknown, call: BatchCall, sendPart: SendPart): Promise<BatchReply>
  readonly log: Pick<FastifyBaseLogger, 'error' | 'warn'>
}

/** A stream that is being served. */
export interface BatchStream {
  /** Asks the client to send no more. The stream ends when all sent frames are answered, or on time-out. */
  drain(): void
}

/** A client that leaves this many bytes of its replies unread is disconnected. */
const MOST_UNREAD_BYTES = 4 * MAX_BODY_BYTES
/** Shorter than the time-out of a shutdown, and longer than an attempt to send a mail. */
const DRAIN_MS = 9000

/**
 * Answers the lines of a request as they arrive, in parallel. Replies of one turn of the event loop are
 * written together.
 */
export function serveBatchStream(
  lines: Readable,
  response: ServerResponse,
  { answer, log }: BatchStreamOptions,
): BatchStream {
  let underWay = 0
  let hasEnded = false
  let out = ''

  function flush(): void {
    if (!response.destroyed) response.write(out)
    out = ''
    if (response.writableLength > MOST_UNREAD_BYTES) fail(new Error('the client does not read its replies'))
    endWhenDone()
  }

  function write(line: ReplyFrame | PartFrame | DrainFrame): void {
    if (out === '') process.nextTick(flush)
    out += `${JSON.stringify(line)}\n`
  }

  function endWhenDone(): void {
    if (hasEnded && underWay === 0 && out === '') response.end()
  }

  function fail(error: unknown): void {
    log.warn({ err: error }, 'a batch stream was cut off')
    response.destroy()
  }

  function take(text: string): void {
    const { id, path, headers, body } = requestFrame.parse(parseJson(text))
    if (path === undefined) {
      write({ id, status: 204, headers: {} })
      return
    }
    const requestId = headers['x-request-id'] ?? ''
    underWay += 1
    const call = { id: requestId, headers, log: logOf(requestId, log) }
    void answer(path, body, call, (part) => write({ id, part })).then((reply) => {
      underWay -= 1
      write({ id, ...reply })
    })
  }

  const split = splitLines(take, MAX_BODY_BYTES)
  lines.on('data', (piece: Buffer) => {
    try {
      split(piece)
    } catch (error) {
      // An invalid line has no id to reply to, and the rest of the stream is not trustworthy.
      fail(error)
    }
  })
  lines.on('end', () => {
    hasEnded = true
    endWhenDone()
  })
  lines.on('error', () => response.destroy())
  response.on('error', () => {})
  // Close the connection with the stream, because a kept-alive one would delay a shutdown.
  response.writeHead(200, { 'content-type': JSON_LINES, connection: 'close' })
  response.flushHeaders()

  return {
    drain() {
      write({ closing: true })
      setTimeout(() => response.destroy(), DRAIN_MS).unref()
    },
  }
}
