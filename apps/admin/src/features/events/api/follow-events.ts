import { print } from 'graphql'
import { type Client, createClient } from 'graphql-ws'
import { type EventDetailsFragment, type EventType, LiveEventsDocument } from '../../../generated/graphql.ts'

export type Event = EventDetailsFragment

/** `connecting`: nothing has failed yet, or just now; `offline`: it has failed again and again. */
export type LiveStatus = 'connecting' | 'live' | 'offline'

export interface FollowOptions {
  readonly url: string
  /** As in the header; absent: the browser's cookie says who asks. */
  readonly authorization: string | undefined
  readonly tenantId: string | undefined
  readonly types: readonly EventType[] | undefined
  /** The last event that is known already; undefined: from now on. */
  readonly after: string | undefined
  readonly onEvent: (event: Event) => void
  readonly onStatus: (status: LiveStatus) => void
  /** The gateway does not let this caller in, or no longer; it is not asked again. */
  readonly onRefused: () => void
  /** For tests. */
  readonly webSocket?: unknown
}

/** Of the protocol graphql-transport-ws. */
const FORBIDDEN = 4403
const QUERY = print(LiveEventsDocument)
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000
const PING_EVERY_MS = 10_000
const PONG_WITHIN_MS = 5000

/**
 * Follows events from a cursor on, over as many connections as it takes: after a break it goes on behind the last event that came, so that none is
 * missed and none comes twice. Returns how to stop.
 */
export function followEvents(options: FollowOptions): () => void {
  const { url, authorization, tenantId, types, onEvent, onStatus, onRefused, webSocket } = options
  let { after } = options
  let failures = 0
  let client: Client | undefined
  let stopped = false
  let wake: (() => void) | undefined

  const open = (): Client => {
    let late: ReturnType<typeof setTimeout> | undefined
    const opened = createClient({
      url,
      retryAttempts: 0,
      keepAlive: PING_EVERY_MS,
      ...(authorization === undefined ? {} : { connectionParams: { authorization } }),
      ...(webSocket === undefined ? {} : { webSocketImpl: webSocket }),
      on: {
        connected() {
          failures = 0
          if (!stopped) onStatus('live')
        },
        // A connection that died without a word is found out by its silence.
        ping(received) {
          if (!received) late = setTimeout(() => opened.terminate(), PONG_WITHIN_MS)
        },
        pong: () => clearTimeout(late),
        closed: () => clearTimeout(late),
      },
    })
    return opened
  }

  const connect = async (): Promise<'refused' | 'cut'> => {
    client = open()
    try {
      const variables = { after: after ?? null, tenantId: tenantId ?? null, types: types ?? null }
      for await (const { data } of client.iterate<{ events: Event }>({ query: QUERY, variables })) {
        if (stopped) break
        const event = data?.events
        if (event === undefined) break
        after = event.cursor
        onEvent(event)
      }
      return 'cut'
    } catch (error) {
      return codeOf(error) === FORBIDDEN ? 'refused' : 'cut'
    } finally {
      client.terminate()
    }
  }

  const run = async () => {
    onStatus('connecting')
    while (!stopped) {
      const end = await connect()
      if (stopped) return
      if (end === 'refused') return onRefused()
      onStatus(failures === 0 ? 'connecting' : 'offline')
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** failures++, LONGEST_PAUSE_MS)
      await new Promise<void>((resume) => {
        wake = resume
        setTimeout(resume, pauseMs)
      })
    }
  }
  void run()

  return () => {
    stopped = true
    client?.terminate()
    wake?.()
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
