import { Readable } from 'node:stream'
import { MAX_BODY_BYTES } from '@emailauth/contracts/common'
import { parseJson } from '@emailauth/service/parse-json'
import {
  BATCH_STREAM_PATH,
  JSON_LINES,
  type ReplyFrame,
  type RequestFrame,
  readServerFrame,
} from '../../frames.ts'
import { splitLines } from '../../split-lines.ts'
import type { Connections } from './connections.ts'
import { isSlowerThanRequests } from './stream-pace.ts'

/** One stream of batches to a process of a service. */
export interface BatchStream {
  /**
   * `opening`: not known yet whether frames pass. `draining`: sent frames are answered, new ones are
   * refused.
   */
  readonly state: 'opening' | 'open' | 'draining' | 'ended'
  /**
   * Sends a frame. Allowed only while the stream is open.
   * @throws {Error} when no reply comes in time, or the stream ends first. The batch may have taken effect.
   */
  send(frame: Omit<RequestFrame, 'id'>, options: FrameOptions): Promise<ReplyFrame>
  drain(): void
}

export interface FrameOptions {
  /** Until the end of the reply. */
  readonly timeoutMs: number
  /** Receives the parts before the end. */
  readonly onPart?: ((part: unknown) => void) | undefined
}

interface Waiting extends Pick<FrameOptions, 'onPart'> {
  resolve(frame: ReplyFrame): void
  reject(error: Error): void
}

const OPENING_MS = 1000
/** For the end of the reply, once the request has ended. */
const ENDING_MS = 5000
/** While frames wait, a process that is alive answers a ping, however long their work takes. */
const PING_EVERY_MS = 300
const SILENCE_MS = 900

export interface BatchStreamOptions {
  readonly connections: Connections
  readonly authorization: string
  /** Whether to give up a silent process early, because there are others. */
  isWatched(): boolean
  /**
   * `failed`: no streams here, or the service cannot be reached. `slow`: something on the way delays frames.
   */
  onNotOpened(why: 'failed' | 'slow'): void
}

export function openBatchStream({
  connections,
  authorization,
  isWatched,
  onNotOpened,
}: BatchStreamOptions): BatchStream {
  // Pushed frames are written at once. Frames that the service does not read fail with their time-out.
  const frames = new Readable({ read() {} })
  const waiting = new Map<number, Waiting>()
  const cut = new AbortController()
  let state: BatchStream['state'] = 'opening'
  let nextId = 0
  let timer: NodeJS.Timeout | undefined
  let heartbeat: NodeJS.Timeout | undefined
  let heardAt = 0
  let checkedAt = 0

  function exchange(
    frame: Omit<RequestFrame, 'id'>,
    { timeoutMs, onPart }: FrameOptions,
  ): Promise<ReplyFrame> {
    return new Promise((resolve, reject) => {
      const id = nextId++
      frames.push(`${JSON.stringify({ id, ...frame })}\n`)
      if (waiting.size === 0) heardAt = performance.now()
      const done = () => {
        clearTimeout(late)
        waiting.delete(id)
        endWhenAnswered()
      }
      const late = setTimeout(() => {
        done()
        reject(new Error(`no reply within ${timeoutMs} ms`))
        drain()
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
    })
  }

  const ping = () => exchange({}, { timeoutMs: OPENING_MS })

  /** Ends a stream whose other end is gone without closing it, long before the time-out of a slow call. */
  function checkSilence(): void {
    const now = performance.now()
    // After a pause of this process there may be replies that it has not read yet.
    const wasPaused = now - checkedAt > 2 * PING_EVERY_MS
    checkedAt = now
    if (waiting.size === 0 || wasPaused) return
    const silentMs = now - heardAt
    if (silentMs > SILENCE_MS) end(new Error(`no byte arrived for ${Math.round(silentMs)} ms`))
    else if (silentMs > PING_EVERY_MS) void ping().catch(() => {})
  }

  function take(text: string): void {
    const frame = readServerFrame(parseJson(text))
    if ('closing' in frame) drain()
    else if ('part' in frame) waiting.get(frame.id)?.onPart?.(frame.part)
    else waiting.get(frame.id)?.resolve(frame)
  }

  function drain(): void {
    if (state === 'ended') return
    if (state === 'opening') {
      end(new Error('the stream is not needed any more'))
    } else {
      state = 'draining'
      endWhenAnswered()
    }
  }

  function endWhenAnswered(): void {
    if (state !== 'draining' || waiting.size > 0) return
    frames.push(null)
    clearTimeout(timer)
    timer = setTimeout(() => end(new Error(`no end within ${ENDING_MS} ms`)), ENDING_MS)
  }

  function end(error: Error, why: 'failed' | 'slow' = 'failed'): void {
    if (state === 'ended') return
    if (state === 'opening') onNotOpened(why)
    state = 'ended'
    clearTimeout(timer)
    clearInterval(heartbeat)
    cut.abort(error)
    for (const { reject } of waiting.values()) reject(error)
  }

  /** Frames are used only when they arrive one by one and are not slower than requests. */
  async function open(): Promise<void> {
    const reply = connections.request({
      method: 'POST',
      path: BATCH_STREAM_PATH,
      headers: { authorization, 'content-type': JSON_LINES },
      body: frames,
      signal: cut.signal,
    })
    void reply.then(read, end)
    await ping()
    if (await isSlowerThanRequests(ping, connections)) {
      return end(new Error('frames are slower than requests here'), 'slow')
    }
    if (state !== 'opening') return
    state = 'open'
    if (isWatched()) heartbeat = setInterval(checkSilence, PING_EVERY_MS).unref()
  }

  function read({ statusCode, body }: Awaited<ReturnType<Connections['request']>>): void {
    body.on('error', end)
    if (statusCode !== 200) {
      body.resume()
      end(new Error(`the stream was answered with ${statusCode}`))
      return
    }
    const split = splitLines(take, MAX_BODY_BYTES)
    // Events, because an async iterator costs a promise or two for each batch.
    body.on('data', (piece: Buffer) => {
      heardAt = performance.now()
      try {
        split(piece)
      } catch (error) {
        end(error as Error)
      }
    })
    body.on('end', () => end(new Error('the service has ended the stream')))
  }

  open().catch(end)

  return {
    get state() {
      return state
    },
    send: exchange,
    drain,
  }
}
