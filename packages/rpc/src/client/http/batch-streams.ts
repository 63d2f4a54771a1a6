import type { ReplyFrame, RequestFrame } from '../../frames.ts'
import type { FrameOptions } from './awaited-replies.ts'
import { type BatchStream, openBatchStream } from './batch-stream.ts'
import type { Connections } from './connections.ts'
import type { OwnHeaders } from './own-headers.ts'

/** Some batch streams to one process of a service, kept open while they are used. */
export interface BatchStreams {
  /**
   * Sends a batch on one of them.
   * @returns undefined while none is open, and where the service has none: a request does the same.
   */
  send(frame: Omit<RequestFrame, 'id'>, options: FrameOptions): Promise<ReplyFrame> | undefined
  close(): void
}

/** Streams to one address. Behind a balancer each may reach another process of the service. */
const STREAMS = 2
/** A stream is replaced after this time, because processes change and certificates are renewed. */
const OLDEST_MS = 60_000
/** The next attempt after a failed one waits for this time. */
const PAUSE_MS = 5000
/** The next attempt waits for this time when frames are slower than requests, as behind a buffering proxy. */
const SLOW_PAUSE_MS = 60_000

interface Kept {
  readonly stream: BatchStream
  readonly openedAt: number
}

/** Opens no stream. The first call does. */
export function createBatchStreams(
  connections: Connections,
  own: OwnHeaders,
  isWatched: () => boolean,
): BatchStreams {
  let kept: Kept[] = []
  let turn = 0
  let notBefore = 0
  let isClosed = false
  const onNotOpened = (why: 'failed' | 'slow') => {
    notBefore = performance.now() + (why === 'slow' ? SLOW_PAUSE_MS : PAUSE_MS)
  }

  function replaceOld(now: number): void {
    for (const { stream, openedAt } of kept) {
      if (now - openedAt > OLDEST_MS) stream.drain()
    }
    kept = kept.filter(({ stream }) => stream.state === 'opening' || stream.state === 'open')
    while (kept.length < STREAMS && now >= notBefore && !isClosed) {
      kept.push({
        stream: openBatchStream({ connections, own, isWatched, onNotOpened }),
        openedAt: now,
      })
    }
  }

  return {
    send(frame, options) {
      replaceOld(performance.now())
      for (let tries = 0; tries < kept.length; tries++) {
        // The index is below the length.
        const { stream } = kept[turn++ % kept.length] as Kept
        if (stream.state === 'open') return stream.send(frame, options)
      }
      return undefined
    },
    close() {
      isClosed = true
      for (const { stream } of kept) stream.drain()
    },
  }
}
