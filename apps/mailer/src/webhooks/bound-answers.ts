import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'

/**
 * Most bytes that a receiver may send for one request, and until the next one. Headers have 16 KiB and of the
 * body 64 KiB are read; the rest is for small chunks and interim answers.
 */
export const ANSWER_MAX_BYTES = 256 * 1024

/**
 * Ends a connection whose receiver sends too much, with the code `ELONG`. The parser of undici bounds headers
 * and bodies alone: it reads empty lines before an answer and after it, extensions and leading zeros of
 * chunks, spaces, and the reason phrase, for as long as they come.
 */
export function boundAnswers(connect: buildConnector.connector): buildConnector.connector {
  return (options, done) =>
    connect(options, (...connected) => {
      // undici passes an error alone.
      if (connected[0] === null) bound(connected[1])
      done(...connected)
    })
}

function bound(socket: Socket): void {
  let written = socket.bytesWritten
  let lastRead = socket.bytesRead
  let from = lastRead
  socket.on('readable', () => {
    // Another request was written.
    if (socket.bytesWritten !== written) {
      written = socket.bytesWritten
      from = lastRead
    }
    lastRead = socket.bytesRead
    if (lastRead - from > ANSWER_MAX_BYTES) socket.destroy(tooLong())
  })
}

const tooLong = () => Object.assign(new Error('The answer is too long.'), { code: 'ELONG' })
