import { MAX_BODY_BYTES } from '@emailauth/contracts/body-limits'
import { parseJson } from '@emailauth/service/http/parse-json'
import { readServerFrame, type ServerFrame } from '../../frames.ts'
import { splitLines } from '../../split-lines.ts'
import type { Connections } from './connections.ts'

export interface FrameReader {
  onBytes(): void
  onFrame(frame: ServerFrame): void
  /** The stream was not opened, has failed, or has ended. */
  onEnd(error: Error): void
}

/** Reads the frames of a service from the reply to the request that opened a stream. */
export function readFrames(
  { statusCode, body }: Awaited<ReturnType<Connections['request']>>,
  { onBytes, onFrame, onEnd }: FrameReader,
): void {
  body.on('error', onEnd)
  if (statusCode !== 200) {
    body.resume()
    onEnd(new Error(`the stream was answered with ${statusCode}`))
    return
  }
  const split = splitLines((text) => onFrame(readServerFrame(parseJson(text))), MAX_BODY_BYTES)
  // Events, because an async iterator costs a promise or two for each batch.
  body.on('data', (piece: Buffer) => {
    onBytes()
    try {
      split(piece)
    } catch (error) {
      onEnd(error instanceof Error ? error : new Error(String(error)))
    }
  })
  body.on('end', () => onEnd(new Error('the service has ended the stream')))
}
