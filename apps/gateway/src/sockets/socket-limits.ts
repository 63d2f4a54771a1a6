import { clientNetwork } from '@emailauth/contracts/client-network'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { nameOf, type Owner } from '../access/owner.ts'
import { createTokenBuckets, type Rate } from '../access/token-buckets.ts'

/** How many sockets and subscriptions there may be at one gateway, and what their owner may send. */
export interface SocketLimits {
  readonly sockets: number
  /** Of one client address: IPv4, or IPv6 by its /64. */
  readonly socketsPerAddress: number
  /** New sockets of one client address, whether or not they are still open. */
  readonly handshakes: { readonly most: number; readonly windowMs: number }
  /** Of all keys of a tenant together, or of one admin's key. */
  readonly socketsPerTenant: number
  readonly socketsPerSession: number
  readonly subscriptions: number
  /** Of all keys of a tenant together, or of one admin's key. */
  readonly subscriptionsPerTenant: number
  readonly subscriptionsPerSession: number
  readonly subscriptionsPerSocket: number
  /** Subscriptions that a tenant, an admin's key or a session begins. */
  readonly beginnings: Rate
  /** Messages, pings and unasked pongs of all sockets of a tenant, an admin's key or a session. */
  readonly messages: Rate
}

/** The limits of one gateway. */
export const SOCKET_LIMITS: SocketLimits = {
  sockets: 2000,
  socketsPerAddress: 500,
  // Those of an office all come again when a gateway restarts. The longest pause of our clients is the
  // window, so who is refused then comes in soon, and not a minute later.
  handshakes: { most: 500, windowMs: 10_000 },
  socketsPerTenant: 200,
  socketsPerSession: 20,
  subscriptions: 4000,
  subscriptionsPerTenant: 400,
  subscriptionsPerSession: 100,
  subscriptionsPerSocket: 20,
  // As many at once as there may be, and some more for sockets that break.
  beginnings: { saved: 800, perSecond: 20 },
  // A tenant's 200 sockets with a ping and a message each 10 s send 40 in a second.
  messages: { saved: 1000, perSecond: 100 },
}

/** A socket as it is counted. */
export interface CountedSocket {
  readonly ip: string
  owner?: Owner
  /** Running ones, and those that are being opened. */
  subscriptions: () => number
}

/**
 * Counts sockets and subscriptions. Returns a sentence that names the limit one more would exceed, or
 * undefined.
 */
export interface SocketCounts {
  /** Counts a socket from now on, unless it is refused. */
  open(socket: CountedSocket): string | undefined
  /** Assigns a socket to its owner, unless it is refused. */
  own(socket: CountedSocket, owner: Owner): string | undefined
  /** Call it when the subscription is already among those of its socket. */
  subscribed(socket: CountedSocket): ProblemError | undefined
  /** Counts a message, ping or unasked pong. True: its owner has sent too many. */
  isFlooding(socket: CountedSocket): boolean
  close(socket: CountedSocket): void
}

/** Sums up the subscriptions when one begins, so that no way of ending one can be missed. */
export function createSocketCounts(limits: SocketLimits): SocketCounts {
  const all = new Set<CountedSocket>()
  const byAddress = new Map<string, number>()
  const byOwner = new Map<string, Set<CountedSocket>>()
  const beginnings = createTokenBuckets(limits.beginnings)
  const messages = createTokenBuckets(limits.messages)
  const count = (sockets: Iterable<CountedSocket>) => {
    let sum = 0
    for (const socket of sockets) sum += socket.subscriptions()
    return sum
  }

  return {
    open(socket) {
      const { network } = clientNetwork(socket.ip)
      const held = byAddress.get(network) ?? 0
      if (all.size >= limits.sockets) return `There are ${limits.sockets} sockets already.`
      if (held >= limits.socketsPerAddress) return `An address may have ${limits.socketsPerAddress} sockets.`
      all.add(socket)
      byAddress.set(network, held + 1)
      return undefined
    },
    own(socket, owner) {
      const most = owner.kind === 'session' ? limits.socketsPerSession : limits.socketsPerTenant
      const sockets = byOwner.get(nameOf(owner)) ?? new Set()
      if (sockets.size >= most) return `${ONE_OF[owner.kind]} may have ${most} sockets.`
      byOwner.set(nameOf(owner), sockets.add(socket))
      socket.owner = owner
      return undefined
    },
    subscribed(socket) {
      const { owner } = socket
      if (owner === undefined) return undefined
      if (socket.subscriptions() > limits.subscriptionsPerSocket)
        return new ProblemError(
          'bad-input',
          `A socket may have ${limits.subscriptionsPerSocket} subscriptions.`,
        )
      // Before what follows, which looks at all sockets.
      const seconds = beginnings.take(nameOf(owner))
      if (seconds > 0) {
        const one = ONE_OF[owner.kind]
        return notNow(`${one} begins too many subscriptions; try again in ${seconds} s.`, seconds)
      }
      const most = owner.kind === 'session' ? limits.subscriptionsPerSession : limits.subscriptionsPerTenant
      if (count(byOwner.get(nameOf(owner)) ?? []) > most)
        return notNow(`${ONE_OF[owner.kind]} may have ${most} subscriptions.`)
      return count(all) > limits.subscriptions
        ? notNow(`There are ${limits.subscriptions} subscriptions already.`)
        : undefined
    },
    isFlooding: ({ owner }) => owner !== undefined && messages.take(nameOf(owner)) > 0,
    close(socket) {
      if (!all.delete(socket)) return
      const { network } = clientNetwork(socket.ip)
      const left = (byAddress.get(network) ?? 1) - 1
      if (left === 0) byAddress.delete(network)
      else byAddress.set(network, left)
      if (socket.owner === undefined) return
      const sockets = byOwner.get(nameOf(socket.owner))
      sockets?.delete(socket)
      if (sockets?.size === 0) byOwner.delete(nameOf(socket.owner))
    },
  }
}

/** What others do may be the reason, so a client that follows events has to try again and not to end. */
const notNow = (message: string, retryAfterSeconds = 1) =>
  new ProblemError('unavailable', message, { retryAfterSeconds })

const ONE_OF = { tenant: 'A tenant', key: 'An API key', session: 'A session' } as const
