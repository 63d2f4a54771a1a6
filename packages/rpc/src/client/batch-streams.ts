import type { ReplyFrame, RequestFrame } from '../frames.ts'
import { type BatchStream, type LineOptions, openBatchStream } from './batch-stream.ts'
import type { Connections } from './connections.ts'

/** Some batch streams to one service, kept open while they are used. */
export interface BatchStreams {
  /**
   * Sends a batch on one of them.
   * @returns undefined while none is open, and where the service has none: a request of its own does the same.
   */
  send(line: Omit<RequestFrame, 'id'>, options: LineOptions): Promise<ReplyFrame> | undefined
  close(): void
}

/** Behind a balancer each may reach another process of the service. */
const STREAMS = 2
/** After so long one is opened anew: processes come and go, and certificates are renewed. */
const OLDEST_MS = 60_000
/** Where none could be opened the next attempt waits for so long. */
const PAUSE_MS = 5000

interface Kept {
  readonly stream: BatchStream
  readonly openedAt: number
}

/** Opens none yet: the first call does. */
export function createBatchStreams(connections: Connections, authorization: string): BatchStreams {
  let kept: Kept[] = []
  let turn = 0
  let notBefore = 0
  let isClosed = false
  const onNotOpened = () => {
    notBefore = performance.now() + PAUSE_MS
  }

  function tend(now: number): void {
    for (const { stream, openedAt } of kept) {
      if (now - openedAt > OLDEST_MS) stream.leave()
    }
    kept = kept.filter(({ stream }) => stream.state === 'opening' || stream.state === 'open')
    while (kept.length < STREAMS && now >= notBefore && !isClosed) {
      kept.push({ stream: openBatchStream({ connections, authorization, onNotOpened }), openedAt: now })
    }
  }

  return {
    send(line, options) {
      tend(performance.now())
      for (let tries = 0; tries < kept.length; tries++) {
        const { stream } = kept[turn++ % kept.length] as Kept
        if (stream.state === 'open') return stream.send(line, options)
      }
      return undefined
    },
    close() {
      isClosed = true
      for (const { stream } of kept) stream.leave()
    },
  }
}
