import { type Client, createClient } from 'graphql-ws'
import { type AuditedEventFragment, type EventType, LiveEventsDocument } from '../../../generated/graphql.ts'

export type Event = AuditedEventFragment

/** `connecting`: no failure, or a first one. `offline`: repeated failures. */
export type LiveStatus = 'connecting' | 'live' | 'offline'

export interface FollowOptions {
  readonly url: string
  /** Value of the header. Absent: the browser's cookie authenticates. */
  readonly authorization: string | undefined
  readonly tenantId: string | undefined
  readonly types: readonly EventType[] | undefined
  /** Cursor of the last known event. Undefined: from now on. */
  readonly after: string | undefined
  readonly onEvent: (event: Event) => void
  readonly onStatus: (status: LiveStatus) => void
  /** Called when the gateway refuses this caller. No further attempt is made. */
  readonly onRefused: () => void
  /** For tests. */
  readonly webSocket?: unknown
}

/** Close code of the graphql-transport-ws protocol. */
const FORBIDDEN = 4403
const QUERY = String(LiveEventsDocument)
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000
const PING_EVERY_MS = 10_000
const PONG_WITHIN_MS = 5000

/**
 * Follows events from a cursor. After a lost connection it resumes behind the last received event, so that
 * each event comes exactly once. Returns a function that stops it.
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
        // Detects a half-open connection by its missing pings.
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
      const mostMs = Math.min(FIRST_PAUSE_MS * 2 ** failures++, LONGEST_PAUSE_MS)
      // A gateway that ends loses all dashboards at the same moment.
      const pauseMs = (mostMs / 2) * (1 + Math.random())
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
