import { connect, type LookupFunction } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { AbstractConnector } from 'ioredis'
import { type Connector, sentinelConnectorWith } from './ioredis-internals.ts'

/** What a connector gets of the options of its connection. */
interface Target {
  readonly path?: string
  readonly host?: string
  readonly port?: number
  readonly tls?: ConnectionOptions
  readonly disconnectTimeout: number
}

/** How connections to one server find its name. ioredis has no option for that, so they are opened here. */
export function connectorBy(lookup: LookupFunction): Connector {
  return class extends AbstractConnector {
    readonly #target: Target

    constructor(options: unknown) {
      // ioredis passes on the options of its connection.
      const target = options as Target
      super(target.disconnectTimeout)
      this.#target = target
    }

    // Resolves only once ioredis can take the events of the socket, as its own connector does.
    async connect() {
      this.connecting = true
      await new Promise(process.nextTick)
      if (!this.connecting) throw new Error('Connection is closed.')
      const { path, host, port = 0, tls } = this.#target
      const to = path === undefined ? { host: host ?? '127.0.0.1', port, lookup } : { path }
      const socket = tls === undefined ? connect(to) : connectTls({ ...to, ...tls })
      socket.once('error', (error) => {
        this.firstError = error
      })
      this.stream = socket
      return socket
    }
  }
}

/** The same for servers that Sentinels name: names of Sentinels, and those that they answer. */
export function sentinelConnectorBy(lookup: LookupFunction): Connector {
  const Connector = connectorBy(lookup)
  return sentinelConnectorWith(({ resolve, connectToSentinel }) => ({
    async resolve(endpoint) {
      const found = await resolve.call(this, endpoint)
      // These are the options of the socket to the server.
      return found === null ? null : { ...found, lookup }
    },
    connectToSentinel(endpoint, options) {
      return connectToSentinel.call(this, endpoint, { ...options, Connector })
    },
  }))
}
