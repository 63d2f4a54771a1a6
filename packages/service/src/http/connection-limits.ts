import type { Socket } from 'node:net'
import { clientNetwork } from '@emailauth/contracts/client-network'
import { createNetworkList } from '@emailauth/contracts/network-list'
import type { FastifyInstance } from 'fastify'

/** Limits on the open connections of a server. */
export interface ConnectionLimits {
  readonly most: number
  /** For one peer, an IPv4 address or an IPv6 /64. Default: the limit for all together. */
  readonly mostPerAddress?: number
  /**
   * Addresses or networks (CIDR) of proxies. They stand for many clients, so `mostPerAddress` does not apply.
   */
  readonly proxies?: readonly string[]
}

/** The limit between our own services, which is far above the size of their pools. */
export const SERVICE_CONNECTIONS: ConnectionLimits = { most: 2000 }

/** Refusals are logged once in this time. */
const LOG_EVERY_MS = 10_000

/** Connections beyond the limits are closed before a byte of them is read. */
export function limitConnections(
  app: FastifyInstance,
  { most, mostPerAddress = most, proxies = [] }: ConnectionLimits,
): void {
  const { server } = app
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
    // IPv6 by its /64, because one client has a whole /64.
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
