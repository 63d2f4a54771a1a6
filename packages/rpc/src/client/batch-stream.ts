import { Readable } from 'node:stream'
import { MAX_BODY_BYTES } from '@emailauth/contracts/common'
import {
  BATCH_STREAM_PATH,
  type DrainFrame,
  JSON_LINES,
  type PartFrame,
  type ReplyFrame,
  type RequestFrame,
} from '../frames.ts'
import { splitLines } from '../split-lines.ts'
import type { Connections } from './connections.ts'

/** One stream of batches to a service. */
export interface BatchStream {
  /** `opening`: whether lines get through is not known yet. `leaving`: what was sent is still answered, nothing more is taken. */
  readonly state: 'opening' | 'open' | 'leaving' | 'ended'
  /**
   * Sends a batch; only while it is open.
   * @throws {Error} when no reply comes in time, or the stream ends before it: whether the batch took effect is unknown.
   */
  send(line: Omit<RequestFrame, 'id'>, options: LineOptions): Promise<ReplyFrame>
  leave(): void
}

export interface LineOptions {
  /** Until the answer has ended. */
  readonly timeoutMs: number
  /** Takes what is told before the end. */
  readonly onPart?: ((part: unknown) => void) | undefined
}

interface Waiting extends Pick<LineOptions, 'onPart'> {
  resolve(line: ReplyFrame): void
  reject(error: Error): void
}

/** Asked first: a proxy on the way might hold lines back until the request is whole, which it never is. */
const PING = 0
const OPENING_MS = 1000
/** For the end of the reply, once the request has ended. */
const ENDING_MS = 5000

export interface BatchStreamOptions {
  readonly connections: Connections
  readonly authorization: string
  /** The service has no streams, or cannot be reached, or something on the way holds lines back. */
  onNotOpened(): void
}

export function openBatchStream({
  connections,
  authorization,
  onNotOpened,
}: BatchStreamOptions): BatchStream {
  // What is pushed is written at once; what a service does not take is given up with its time-out.
  const lines = new Readable({ read() {} })
  const waiting = new Map<number, Waiting>()
  const cut = new AbortController()
  let state: BatchStream['state'] = 'opening'
  let nextId = PING
  let clock = setTimeout(() => end(new Error(`no stream within ${OPENING_MS} ms`)), OPENING_MS)

  function push(line: Omit<RequestFrame, 'id'>): number {
    const id = nextId++
    lines.push(`${JSON.stringify({ id, ...line })}\n`)
    return id
  }

  function take(text: string): void {
    const line = JSON.parse(text) as ReplyFrame | PartFrame | DrainFrame
    if ('closing' in line) leave()
    else if ('part' in line) waiting.get(line.id)?.onPart?.(line.part)
    else if (line.id === PING) opened()
    else waiting.get(line.id)?.resolve(line)
  }

  function opened(): void {
    clearTimeout(clock)
    if (state === 'opening') state = 'open'
  }

  function leave(): void {
    if (state === 'ended') return
    if (state === 'opening') {
      end(new Error('the stream is not needed any more'))
    } else {
      state = 'leaving'
      endWhenAnswered()
    }
  }

  function endWhenAnswered(): void {
    if (state !== 'leaving' || waiting.size > 0) return
    lines.push(null)
    clearTimeout(clock)
    clock = setTimeout(() => end(new Error(`no end within ${ENDING_MS} ms`)), ENDING_MS)
  }

  function end(error: Error): void {
    if (state === 'ended') return
    if (state === 'opening') onNotOpened()
    state = 'ended'
    clearTimeout(clock)
    cut.abort(error)
    for (const { reject } of waiting.values()) reject(error)
  }

  async function open(): Promise<void> {
    const { statusCode, body } = await connections.request({
      method: 'POST',
      path: BATCH_STREAM_PATH,
      headers: { authorization, 'content-type': JSON_LINES },
      body: lines,
      signal: cut.signal,
    })
    if (statusCode !== 200) throw new Error(`the stream was answered with ${statusCode}`)
    const split = splitLines(take, MAX_BODY_BYTES)
    // Events, because an iterator costs a promise or two for each hop.
    body.on('data', (piece: Buffer) => {
      try {
        split(piece)
      } catch (error) {
        end(error as Error)
      }
    })
    body.on('error', end)
    body.on('end', () => end(new Error('the service has ended the stream')))
  }

  push({})
  open().catch(end)

  return {
    get state() {
      return state
    },
    send: (line, { timeoutMs, onPart }) =>
      new Promise((resolve, reject) => {
        const id = push(line)
        const done = () => {
          clearTimeout(timer)
          waiting.delete(id)
          endWhenAnswered()
        }
        const timer = setTimeout(() => {
          done()
          reject(new Error(`no reply within ${timeoutMs} ms`))
          // Perhaps the other end is gone without a word.
          leave()
        }, timeoutMs)
        waiting.set(id, {
          onPart,
          resolve(reply) {
            done()
            resolve(reply)
          },
          reject(error) {
            done()
            reject(error)
          },
        })
      }),
    leave,
  }
}
