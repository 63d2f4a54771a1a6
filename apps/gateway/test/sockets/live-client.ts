import { type Client, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

/** How a socket ended. */
export interface Ended {
  readonly code: number
}

export interface LiveClient {
  /** Everything that came so far. */
  readonly events: LiveEvent[]
  /** The cursor of the last event. */
  after(): string | undefined
  /** Resolves when the subscription is over: completed, refused, or cut off. */
  readonly over: Promise<unknown>
  /** Resolves when the gateway has taken the connection. */
  readonly connected: Promise<void>
  stop(): void
}

export interface LiveEvent {
  readonly cursor: string
  readonly type: string
  readonly identityId: string | null
}

export const LIVE = `subscription ($tenantId: ID, $types: [EventType!], $after: String) {
  events(tenantId: $tenantId, types: $types, after: $after) { cursor type identityId }
}`

/** A client of the protocol graphql-transport-ws, as a program or (with `headers`) a browser would be one. */
export function follow(
  url: string,
  key: string | undefined,
  variables: Readonly<Record<string, unknown>> = {},
  { headers = {}, query = LIVE }: { headers?: Record<string, string>; query?: string } = {},
): LiveClient {
  class Socket extends WebSocket {
    constructor(address: string, protocol: string) {
      super(address, protocol, { headers })
    }
  }
  const client: Client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: Socket,
    connectionParams: key === undefined ? {} : { authorization: `Bearer ${key}` },
    retryAttempts: 0,
  })
  const connected = new Promise<void>((resolve) => client.on('connected', () => resolve()))
  const events: LiveEvent[] = []
  const over = new Promise<unknown>((resolve) => {
    client.subscribe<{ events: LiveEvent }>(
      { query, variables },
      {
        next({ data, errors }) {
          if (errors !== undefined) resolve(errors)
          if (data?.events) events.push(data.events)
        },
        error: (error) => resolve(error),
        complete: () => resolve('complete'),
      },
    )
  })
  return {
    events,
    after: () => events.at(-1)?.cursor ?? (variables.after as string | undefined),
    over,
    connected,
    stop: () => void client.dispose(),
  }
}
