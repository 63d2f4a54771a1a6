import type { ReplyFrame } from '../../frames.ts'
import { noReplyWithin } from '../no-reply.ts'

export interface FrameOptions {
  /** Until the end of the reply. */
  readonly timeoutMs: number
  /** Receives the parts before the end. */
  readonly onPart?: ((part: unknown) => void) | undefined
}

/** The frames that were sent on a stream and whose replies have not ended, by their ids. */
export interface AwaitedReplies {
  readonly size: number
  /** @throws {Error} when no reply comes in time, or `rejectAll` is called first */
  add(id: number, options: FrameOptions): Promise<ReplyFrame>
  takePart(id: number, part: unknown): void
  takeReply(frame: ReplyFrame): void
  rejectAll(error: Error): void
}

interface Waiting extends Pick<FrameOptions, 'onPart'> {
  resolve(frame: ReplyFrame): void
  reject(error: Error): void
}

export interface AwaitedRepliesOptions {
  /** A frame waits no more: it was answered, rejected, or is late. */
  onDone(): void
  /** A frame got no reply in time. */
  onLate(): void
}

export function createAwaitedReplies({ onDone, onLate }: AwaitedRepliesOptions): AwaitedReplies {
  const waiting = new Map<number, Waiting>()
  return {
    get size() {
      return waiting.size
    },
    add(id, { timeoutMs, onPart }) {
      return new Promise((resolve, reject) => {
        const done = () => {
          clearTimeout(late)
          waiting.delete(id)
          onDone()
        }
        const late = setTimeout(() => {
          done()
          reject(noReplyWithin(timeoutMs))
          onLate()
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
    },
    takePart(id, part) {
      waiting.get(id)?.onPart?.(part)
    },
    takeReply(frame) {
      waiting.get(frame.id)?.resolve(frame)
    },
    rejectAll(error) {
      for (const { reject } of waiting.values()) reject(error)
    },
  }
}
