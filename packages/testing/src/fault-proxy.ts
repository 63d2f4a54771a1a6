import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * A network fault. `no-replies`: requests arrive, replies do not. `stalled`: nothing passes in either
 * direction, as on a half-open connection. `refused`: every connection is refused.
 */
export type NetworkFault = 'none' | 'no-replies' | 'stalled' | 'refused'

/** A TCP proxy on loopback that a test breaks at will. */
export interface FaultProxy {
  readonly port: number
  /**
   * Takes effect at once, also on open connections. Held bytes pass when the fault ends; `cut` discards
   * them.
   */
  set(fault: NetworkFault): void
  /** Cuts every open connection (RST). */
  cut(): void
  /** Open connections carry nothing in either direction from now on, without an error. New ones work. */
  freeze(): void
  /** Bytes that have passed towards the server since the start. */
  bytesForward(): number
  stop(): Promise<void>
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  frozen: boolean
}

/** Starts a proxy on a free port to a port of loopback. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const pairs = new Set<Pair>()
  let fault: NetworkFault = 'none'
  let forward = 0

  // A paused source is what keeps bytes back: nothing is read, so nothing is written, and nothing is lost.
  const apply = ({ client, server, frozen }: Pair) => {
    if (frozen || fault === 'stalled') client.pause()
    else client.resume()
    if (frozen || fault !== 'none') server.pause()
    else server.resume()
  }

  const listener = createServer({ pauseOnConnect: true }, (client) => {
    if (fault === 'refused') {
      client.resetAndDestroy()
      return
    }
    const server = connect(targetPort, '127.0.0.1')
    const pair: Pair = { client, server, frozen: false }
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    client.on('data', (chunk) => {
      forward += chunk.length
      server.write(chunk)
    })
    server.on('data', (chunk) => client.write(chunk))
    for (const socket of [client, server]) socket.on('error', end).on('close', end)
    apply(pair)
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')

  const cut = () => {
    for (const { client, server } of [...pairs]) {
      client.resetAndDestroy()
      server.destroy()
    }
  }

  return {
    // It listens by TCP.
    port: (listener.address() as AddressInfo).port,
    set(next) {
      fault = next
      if (next === 'refused') cut()
      for (const pair of pairs) apply(pair)
    },
    cut,
    freeze() {
      for (const pair of pairs) {
        pair.frozen = true
        apply(pair)
      }
    },
    bytesForward: () => forward,
    async stop() {
      cut()
      listener.close()
      await once(listener, 'close')
    },
  }
}
