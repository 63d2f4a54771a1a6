import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import type { Event } from '@emailauth/contracts/events'
import type { Logger } from '@emailauth/service/logger'
import { ProblemError } from '@emailauth/service/problem-error'
import { createTroubleLog } from '@emailauth/service/trouble-log'
import type { EventScope } from '../services/persistence/event-calls.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import { createEventQueue, type EventQueue, ReaderTooSlow } from './event-queue.ts'

/** Live events for any number of readers, over one connection to persistence for each scope. */
export interface EventFeed {
  /**
   * Events in order and without duplicates: all after the cursor, or all from now on. A reader that falls
   * too far behind gets an error. It can continue from the last cursor that it has seen.
   */
  follow(scope: EventScope, after: string | undefined): AsyncIterableIterator<Event>
  close(): void
}

/** One connection, and who listens to it. */
interface Channel {
  readonly listeners: Set<(event: Event) => void>
  readonly stop: AbortController
  /** Everything up to this cursor has been handed to the listeners, or was there before the first of them. */
  last: string
  /** Resolves when `last` is known. */
  readonly begun: Promise<void>
}

const MOST_BEHIND = 5000
/** Each costs about 20 µs until its message is written. */
export const LISTENERS_IN_ONE_TURN = 50
/** Each is a connection to persistence, which looks for events on its behalf. */
export const MOST_CHANNELS = 500
const PAGE = 200
const RETRY_MS = 250
const CUT_OFF = 'live events are cut off; they go on from the last one once persistence answers'
const CATCH_UP_MS = 100
/** An event that is missing from its page for this time is gone: its stream has been trimmed. */
const CATCH_UP_TRIES = 50

export function createEventFeed(
  persistence: Pick<Persistence, 'events' | 'liveEvents'>,
  logger: Pick<Logger, 'warn' | 'info'>,
  pause = wait,
): EventFeed {
  const trouble = createTroubleLog(logger, { trouble: CUT_OFF })
  const channels = new Map<string, Channel>()

  const openChannel = (name: string, scope: EventScope): Channel => {
    const stop = new AbortController()
    const channel: Channel = { listeners: new Set(), stop, last: '0', begun: begin() }
    channels.set(name, channel)
    void listen()
    return channel

    async function begin() {
      const { events } = await untilDone(() => persistence.events({ ...scope, first: 1 }), stop.signal)
      channel.last = events[0]?.cursor ?? '0'
    }

    async function listen() {
      await channel.begun.catch(() => {})
      await untilDone(async () => {
        for await (const event of persistence.liveEvents(scope, channel.last, stop.signal)) {
          channel.last = event.cursor
          await deliver(channel, event)
        }
        if (!stop.signal.aborted) throw new Error('the live events have ended')
      }, stop.signal).catch(() => {})
    }
  }

  /**
   * Delivers in order to every reader, a bounded number in each turn of the event loop, so that requests run
   * in between.
   */
  const deliver = async (channel: Channel, event: Event): Promise<void> => {
    let handed = 0
    for (const listener of [...channel.listeners]) {
      // The reader may have left meanwhile. One that has joined since catches up to `channel.last`, this
      // event.
      if (!channel.listeners.has(listener)) continue
      listener(event)
      handed += 1
      if (handed % LISTENERS_IN_ONE_TURN === 0) await nextTurn()
    }
  }

  /** Repeats what fails, with a pause, until it works or is stopped. */
  const untilDone = async <Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> => {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        signal.throwIfAborted()
        trouble.fault({ err: error })
        await pause(RETRY_MS, undefined, { signal })
      }
    }
  }

  /**
   * Reads pages from the cursor up to the channel's position when the reader joined. Later events wait in
   * `late`.
   */
  const catchUp = async (
    scope: EventScope,
    after: string,
    until: string,
    push: (event: Event) => void,
    signal: AbortSignal,
  ) => {
    let cursor = after
    let tries = 0
    while (cursor < until && tries < CATCH_UP_TRIES) {
      const from = cursor
      const page = await untilDone(() => persistence.events({ ...scope, first: PAGE, after: from }), signal)
      for (const event of page.events) push(event)
      cursor = page.endCursor ?? cursor
      tries = cursor === from ? tries + 1 : 0
      if (!page.hasMore && cursor < until) await pause(CATCH_UP_MS, undefined, { signal })
    }
  }

  return {
    follow(scope, after) {
      const name = `${scope.tenantId ?? '*'} ${scope.audit}`
      if (!channels.has(name) && channels.size >= MOST_CHANNELS) {
        throw new ProblemError('unavailable', 'Too many tenants are being followed; try again later.')
      }
      const channel = channels.get(name) ?? openChannel(name, scope)
      const gone = new AbortController()
      let seen = after ?? ''
      const late: Event[] = []
      let isLate = true

      const queue: EventQueue<Event> = createEventQueue(MOST_BEHIND, () => {
        gone.abort()
        channel.listeners.delete(listener)
        if (channel.listeners.size > 0) return
        channel.stop.abort()
        channels.delete(name)
      })
      const deliver = (event: Event) => {
        if (event.cursor <= seen) return
        seen = event.cursor
        queue.push(event)
      }
      const listener = (event: Event) => {
        if (!isLate) deliver(event)
        else if (late.push(event) > MOST_BEHIND) queue.fail(new ReaderTooSlow())
      }
      channel.listeners.add(listener)
      void (async () => {
        await channel.begun
        if (after !== undefined) await catchUp(scope, after, channel.last, deliver, gone.signal)
        isLate = false
        for (const event of late.splice(0)) deliver(event)
      })().catch((error) => queue.fail(error))
      return queue.reader
    },
    close() {
      for (const { stop } of channels.values()) stop.abort()
      channels.clear()
    },
  }
}
