import { createClient } from 'graphql-ws/client'
import { EmailauthError, type EmailauthErrorCode, errorOf } from './error.ts'
import { FOLLOW_EVENTS } from './generated/documents.ts'
import type { EmailauthEvent } from './generated/objects.ts'
import type { EventType } from './generated/operations.ts'
import { jittered, pause } from './timing.ts'

/** What `events` needs of a WebSocket: the browser's, Node 22's, or that of the package `ws`. */
// biome-ignore lint/suspicious/noExplicitAny: every implementation types its own events.
export type WebSocketClass = new (url: string, protocols?: string | string[]) => any

export interface FollowOptions {
  /**
   * Cursor of the last event received; events after it follow. `'0'`: all that are kept. Default: from now
   * on.
   */
  readonly after?: string | undefined
  /** Admin keys only: one tenant instead of all. */
  readonly tenantId?: string | undefined
  readonly types?: readonly EventType[] | undefined
  /** Ends the iteration; nothing is thrown. */
  readonly signal?: AbortSignal | undefined
}

export interface LiveOptions {
  readonly endpoint: URL
  readonly apiKey: string
  readonly webSocket: WebSocketClass | undefined
  /** The cursor of the newest event; undefined when there is none. */
  newestCursor(options: FollowOptions): Promise<string | undefined>
}

const FIRST_DELAY_MS = 250
const LONGEST_DELAY_MS = 10_000
/** Close codes that a retry would only repeat: the key is refused, or the server speaks another protocol. */
const FINAL = new Map<number, readonly ['UNAUTHENTICATED' | 'UNREACHABLE', string]>([
  [4401, ['UNAUTHENTICATED', 'The API key is not known here.']],
  [4403, ['UNAUTHENTICATED', 'The API key does not work here, or not any more.']],
  [4406, ['UNREACHABLE', 'The other side does not speak graphql-transport-ws.']],
])
/** Too many sockets or messages, of this caller or of others: it may pass, or not. */
const TOO_MANY = 4429
/** About half a minute, after which such a refusal does not pass by itself. */
const MOST_REFUSALS = 10

/** A refusal that is thrown only when it comes again and again. */
class Refusal extends Error {
  readonly reason: EmailauthError
  constructor(reason: EmailauthError) {
    super(reason.message)
    this.reason = reason
  }
}

/**
 * Live events. After a lost connection it reconnects with growing pauses and continues after the last event
 * received. Each event comes once, and none is missed while the server keeps it.
 * @throws {EmailauthError} when the key is refused, the server cannot continue, or it has refused ten times
 * in a row for too many sockets or a fault of its own.
 */
export async function* followEvents(
  live: LiveOptions,
  options: FollowOptions = {},
): AsyncGenerator<EmailauthEvent, void, undefined> {
  const { signal } = options
  const webSocket = webSocketOf(live)
  // Where "now" is, so that nothing is missed when the first connection breaks before the first event.
  let after = options.after ?? (await live.newestCursor(options)) ?? '0'
  let delayMs = FIRST_DELAY_MS
  let refusals = 0
  while (!signal?.aborted) {
    try {
      for await (const event of connection(live, webSocket, { ...options, after })) {
        delayMs = FIRST_DELAY_MS
        refusals = 0
        after = event.cursor
        yield event
      }
    } catch (error) {
      if (signal?.aborted) return
      if (error instanceof EmailauthError) throw error
      refusals = error instanceof Refusal ? refusals + 1 : 0
      if (error instanceof Refusal && refusals === MOST_REFUSALS) throw error.reason
    }
    await pause(jittered(delayMs / 2, delayMs), signal).catch(() => {})
    delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)
  }
}

/** @throws {TypeError} when there is none */
function webSocketOf({ webSocket }: LiveOptions): WebSocketClass {
  // Absent in older runtimes, so no type of the platform names it for all.
  const found = webSocket ?? (globalThis as { WebSocket?: WebSocketClass }).WebSocket
  if (found !== undefined) return found
  throw new TypeError(
    "There is no WebSocket here: give one, as createClient({ webSocket: (await import('ws')).WebSocket }).",
  )
}

/** One connection, to its end. */
async function* connection(
  { endpoint, apiKey }: LiveOptions,
  webSocketImpl: WebSocketClass,
  { after, tenantId, types, signal }: FollowOptions,
) {
  const url = new URL(endpoint)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const client = createClient({
    url: url.href,
    webSocketImpl,
    connectionParams: { authorization: `Bearer ${apiKey}` },
    retryAttempts: 0,
    lazy: true,
    keepAlive: 15_000,
  })
  const ending = createEnding(signal)
  try {
    const variables = { after, tenantId, types }
    const results = client.iterate<{ events: EmailauthEvent }>({ query: FOLLOW_EVENTS, variables })
    for (;;) {
      const next = await ending.orNext(results)
      if (next === undefined || next.done) return
      const { data, errors } = next.value
      // Refusals of the resolver come as a result, those of the protocol as an error.
      if (errors?.[0] !== undefined) throw refusalOf(errors) ?? new Error(errors[0].message)
      if (data) yield data.events
    }
  } catch (error) {
    throw refusalOf(error) ?? error
  } finally {
    ending.clear()
    void client.dispose()
  }
}

/**
 * Waits for results until the signal's abort. Not `Promise.race` with one promise of the abort: that promise
 * would keep each result for as long as the connection lives.
 */
function createEnding(signal: AbortSignal | undefined) {
  let end = () => {}
  const onAbort = () => end()
  signal?.addEventListener('abort', onAbort)
  return {
    /** The next result; undefined when the signal comes first. */
    orNext: <Result>(results: AsyncIterator<Result>) =>
      new Promise<IteratorResult<Result> | undefined>((resolve, reject) => {
        end = () => resolve(undefined)
        results.next().then(resolve, reject)
        if (signal?.aborted) end()
      }),
    clear: () => signal?.removeEventListener('abort', onAbort),
  }
}

/** What to throw: at once, or when it comes again and again. undefined: the connection was lost. */
function refusalOf(error: unknown): EmailauthError | Refusal | undefined {
  if (Array.isArray(error)) {
    // An answer of the server, errors of GraphQL: the subscription itself was refused.
    const [first] = error as { message?: string; extensions?: { code?: string; requestId?: string } }[]
    const code = first?.extensions?.code
    if (code === 'SERVICE_UNAVAILABLE') return undefined
    const message = first?.message ?? 'The subscription was refused.'
    const refused = (known: EmailauthErrorCode) => errorOf(known, message, first?.extensions ?? {})
    if (code === 'INTERNAL_SERVER_ERROR') return new Refusal(refused(code))
    return refused(code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' ? code : 'BAD_USER_INPUT')
  }
  // Otherwise it is the event with which the socket closed.
  const closed = error as { code?: number; reason?: string } | undefined
  if (closed?.code === TOO_MANY)
    return new Refusal(errorOf('SERVICE_UNAVAILABLE', closed.reason || 'Too many sockets.', { cause: error }))
  const [code, message] = FINAL.get(closed?.code ?? 0) ?? []
  return code === undefined || message === undefined ? undefined : errorOf(code, message, { cause: error })
}
