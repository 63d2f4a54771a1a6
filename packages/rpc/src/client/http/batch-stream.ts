import { Readable } from 'node:stream'
import {
  BATCH_STREAM_PATH,
  JSON_LINES,
  type ReplyFrame,
  type RequestFrame,
  type ServerFrame,
} from '../../frames.ts'
import { createAwaitedReplies, type FrameOptions } from './awaited-replies.ts'
import type { Connections } from './connections.ts'
import type { OwnHeaders } from './own-headers.ts'
import { readFrames } from './read-frames.ts'
import { createSilenceWatch } from './silence-watch.ts'
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

const OPENING_MS = 1000
/** For the end of the reply, once the request has ended. */
const ENDING_MS = 5000

export interface BatchStreamOptions {
  readonly connections: Connections
  readonly own: OwnHeaders
  /** Whether to give up a silent process early, because there are others. */
  isWatched(): boolean
  /**
   * `failed`: no streams here, or the service cannot be reached. `slow`: something on the way delays frames.
   */
  onNotOpened(why: 'failed' | 'slow'): void
}

export function openBatchStream({
  connections,
  own,
  isWatched,
  onNotOpened,
}: BatchStreamOptions): BatchStream {
  // Pushed frames are written at once. Frames that the service does not read fail with their time-out.
  const frames = new Readable({ read() {} })
  const cut = new AbortController()
  let state: BatchStream['state'] = 'opening'
  let nextId = 0
  let ending: NodeJS.Timeout | undefined
  const replies = createAwaitedReplies({ onDone: endWhenAnswered, onLate: drain })
  const silence = createSilenceWatch({ isWaiting: () => replies.size > 0, ping, onSilence: end })

  function send(frame: Omit<RequestFrame, 'id'>, options: FrameOptions): Promise<ReplyFrame> {
    const id = nextId++
    frames.push(`${JSON.stringify({ id, ...frame })}\n`)
    if (replies.size === 0) silence.received()
    return replies.add(id, options)
  }

  function ping(): Promise<ReplyFrame> {
    return send({}, { timeoutMs: OPENING_MS })
  }

  function take(frame: ServerFrame): void {
    if ('closing' in frame) drain()
    else if ('part' in frame) replies.takePart(frame.id, frame.part)
    else replies.takeReply(frame)
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
    if (state !== 'draining' || replies.size > 0) return
    frames.push(null)
    clearTimeout(ending)
    ending = setTimeout(() => end(new Error(`no end within ${ENDING_MS} ms`)), ENDING_MS)
  }

  function end(error: Error, why: 'failed' | 'slow' = 'failed'): void {
    if (state === 'ended') return
    if (state === 'opening') onNotOpened(why)
    state = 'ended'
    clearTimeout(ending)
    silence.stop()
    cut.abort(error)
    replies.rejectAll(error)
  }

  /** Frames are used only when they arrive one by one and are not slower than requests. */
  async function open(): Promise<void> {
    const reply = connections.request({
      method: 'POST',
      path: BATCH_STREAM_PATH,
      headers: { ...own, 'content-type': JSON_LINES },
      body: frames,
      signal: cut.signal,
    })
    const reader = { onBytes: silence.received, onFrame: take, onEnd: end }
    void reply.then((opened) => readFrames(opened, reader), end)
    await ping()
    if (await isSlowerThanRequests(ping, connections)) {
      return end(new Error('frames are slower than requests here'), 'slow')
    }
    if (state !== 'opening') return
    state = 'open'
    if (isWatched()) silence.start()
  }

  open().catch(end)

  return {
    get state() {
      return state
    },
    send,
    drain,
  }
}
