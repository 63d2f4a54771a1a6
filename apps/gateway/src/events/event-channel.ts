import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Event } from '@emailauth/contracts/events'
import type { EventScope } from '../services/persistence/event-calls.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { UntilDone } from './until-done.ts'

/** A connection to the live events of one scope, and its listeners. */
export interface Channel {
  readonly listeners: Set<(event: Event) => void>
  readonly stop: AbortController
  /** Everything up to this cursor has been handed to the listeners, or was there before the first of them. */
  last: string
  /** Resolves when `last` is known. */
  readonly begun: Promise<void>
}

/** A listener costs about 20 µs until its message is written. */
export const LISTENERS_IN_ONE_TURN = 50

/** Connects to the live events of a scope, until `stop` is aborted. */
export function openChannel(
  scope: EventScope,
  persistence: Pick<Persistence, 'events' | 'liveEvents'>,
  untilDone: UntilDone,
): Channel {
  const stop = new AbortController()
  const channel: Channel = { listeners: new Set(), stop, last: '0', begun: begin() }
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
async function deliver(channel: Channel, event: Event): Promise<void> {
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
