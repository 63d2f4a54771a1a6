import type { Server, Socket } from 'node:net'
import { clientNetwork } from '@emailauth/contracts/client-network'
import { createNetworkList } from '@emailauth/contracts/network-list'
import type { FastifyInstance } from 'fastify'

/** How many connections a server holds at a time. */
export interface ConnectionLimits {
  readonly most: number
  /** Of one peer, an IPv4 address or an IPv6 /64; default: as many as of all together. */
  readonly mostPerAddress?: number
  /** Addresses or networks (CIDR) of proxies: they stand for many, so `mostPerAddress` is not theirs. */
  readonly proxies?: readonly string[]
}

/** What our own services may open of one another: far more than their pools have. */
export const SERVICE_CONNECTIONS: ConnectionLimits = { most: 2000 }

/** A flood of refusals is one line in so many ms. */
const LOG_EVERY_MS = 10_000

/** Connections beyond the limits are closed before a byte of them is read. */
export function limitConnections(
  app: FastifyInstance,
  { most, mostPerAddress = most, proxies = [] }: ConnectionLimits,
): void {
  const server = app.server as Server
  const isProxy = createNetworkList(proxies)
  const held = new Map<string, number>()
  let loggedAt = Number.NEGATIVE_INFINITY
  const warn = (limit: string) => {
    if (performance.now() - loggedAt < LOG_EVERY_MS) return
    loggedAt = performance.now()
    app.log.warn({ limit }, 'connections are refused: there are too many')
  }
  server.maxConnections = most
  server.on('drop', () => warn('in all'))
  server.on('connection', (socket: Socket) => {
    if (isProxy(socket.remoteAddress ?? '')) return
    // IPv6 by its /64, which one client holds whole.
    const { network: address } = clientNetwork(socket.remoteAddress)
    const count = (held.get(address) ?? 0) + 1
    if (count > mostPerAddress) {
      warn('of one address')
      socket.destroy()
      return
    }
    held.set(address, count)
    socket.once('close', () => {
      const left = (held.get(address) ?? 1) - 1
      if (left === 0) held.delete(address)
      else held.set(address, left)
    })
  })
}
