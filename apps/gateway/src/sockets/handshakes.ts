import { createClientRate } from '@emailauth/service/http/client-rate'
import type { onRequestHookHandler } from 'fastify'
import { sendError } from '../http/media-types.ts'
import type { SocketLimits } from './socket-limits.ts'

/**
 * Refuses a client that opens sockets in a loop, before its connection is upgraded. An upgrade costs more
 * than the refusal, whether or not the client has a good key.
 */
export function limitHandshakes(handshakes: SocketLimits['handshakes']): onRequestHookHandler {
  const rate = createClientRate(handshakes)
  const window = `${handshakes.windowMs / 1000} s`
  return (request, reply, done) => {
    const seconds = request.headers.upgrade === undefined ? 0 : rate.secondsToWait(request.ip)
    if (seconds === 0) return done()
    sendError(request, reply.header('retry-after', seconds), {
      status: 429,
      code: 'SERVICE_UNAVAILABLE',
      message: `An address may open ${handshakes.most} sockets in ${window}; try again in ${seconds} s.`,
    })
  }
}
