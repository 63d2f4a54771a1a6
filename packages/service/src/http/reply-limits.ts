import { Server as TlsServer } from 'node:https'
import type { Server, Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { createTroubleLog, type TroubleLog } from '../logging/trouble-log.ts'
import { queuedBytesOf } from './socket-internals.ts'

/**
 * Requests of one connection that may wait behind the one that is answered. Each is worked on at once, and
 * its reply is kept until those before it were taken. No browser, proxy or client of ours sends even one.
 */
export const MAX_WAITING_REQUESTS = 4

/**
 * A client has taken nothing when that many looks in a row saw nothing taken. With one look at each end of
 * the time, a process that got no CPU in between would end connections whose clients wait for it.
 */
const LOOKS = 10

/**
 * Ends connections whose client does not take its replies. Node has no limit for that: such a connection
 * would stay for ever, with what its replies hold in memory. Each way in which one ends has a line in the log
 * at once, and then one in a minute with the count, however many connections a client opens.
 * @param replyMs a client that takes nothing in this time loses its connection, a tenth later at the latest
 */
export function limitReplies(app: FastifyInstance, replyMs: number): void {
  const logOf = (trouble: string) => createTroubleLog(app.log, { trouble })
  const stalled = logOf('a connection was ended, because its client does not take its reply')
  endStalledConnections(app.server, replyMs, stalled)
  const crowded = logOf('a connection was ended, because too many requests wait in it for their replies')
  refuseManyWaiting(app, crowded)
}

function endStalledConnections(server: Server, replyMs: number, log: Pick<TroubleLog, 'fault'>): void {
  /** How many bytes the client had taken at the last look, and how many looks since saw no more. */
  const sockets = new Map<Socket, { taken: number; looks: number } | undefined>()
  let timer: NodeJS.Timeout | undefined

  const look = () => {
    for (const [socket, before] of sockets) {
      const waiting = socket.writableLength
      const taken = socket.bytesWritten - waiting - queuedBytesOf(socket)
      if (waiting === 0) sockets.set(socket, undefined)
      else if (taken !== before?.taken) sockets.set(socket, { taken, looks: 0 })
      else if (++before.looks === LOOKS) {
        // A socket that was destroyed has no remote address.
        log.fault({ ip: socket.remoteAddress, waitingBytes: waiting })
        socket.destroy()
      }
    }
  }
  // Bytes of TLS wait in its own socket.
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.set(socket, undefined)
    timer ??= setInterval(look, replyMs / LOOKS).unref()
    socket.once('close', () => {
      sockets.delete(socket)
      if (sockets.size > 0) return
      clearInterval(timer)
      timer = undefined
    })
  })
}

function refuseManyWaiting(app: FastifyInstance, log: Pick<TroubleLog, 'fault'>): void {
  const waitingOf = new WeakMap<Socket, number>()
  app.addHook('onRequest', ({ raw: { socket } }, { raw }, done) => {
    // Node gives a response its socket when all those before it have ended.
    if (raw.socket !== null) return done()
    const waiting = (waitingOf.get(socket) ?? 0) + 1
    // What was read together with the request that was one too many still comes here. It is not answered.
    if (socket.destroyed) return
    if (waiting > MAX_WAITING_REQUESTS) {
      log.fault({ ip: socket.remoteAddress, waitingRequests: waiting })
      return void socket.destroy()
    }
    waitingOf.set(socket, waiting)
    raw.once('close', () => waitingOf.set(socket, (waitingOf.get(socket) ?? 1) - 1))
    done()
  })
}
