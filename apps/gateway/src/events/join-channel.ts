import type { Event } from '@emailauth/contracts/events'
import type { EventScope } from '../services/persistence/event-calls.ts'
import type { CatchUp } from './catch-up.ts'
import type { Channel } from './event-channel.ts'
import { createEventQueue, type EventQueue, ReaderTooSlow } from './event-queue.ts'

const MOST_BEHIND = 5000

export interface ReaderOptions {
  readonly scope: EventScope
  /** The last event that the reader has seen. undefined: it wants events from now on. */
  readonly after: string | undefined
  readonly catchUp: CatchUp
  /** Called once, when the reader is not among the channel's listeners any more. */
  onLeave(): void
}

/**
 * Adds a reader to a channel. Events that arrive while it catches up are kept until it has, up to
 * `MOST_BEHIND`.
 */
export function joinChannel(
  channel: Channel,
  { scope, after, catchUp, onLeave }: ReaderOptions,
): AsyncIterableIterator<Event> {
  const gone = new AbortController()
  let seen = after ?? ''
  const late: Event[] = []
  let isCatchingUp = true

  const queue: EventQueue<Event> = createEventQueue(MOST_BEHIND, () => {
    gone.abort()
    channel.listeners.delete(listener)
    onLeave()
  })
  const push = (event: Event) => {
    if (event.cursor <= seen) return
    seen = event.cursor
    queue.push(event)
  }
  const listener = (event: Event) => {
    if (!isCatchingUp) push(event)
    else if (late.push(event) > MOST_BEHIND) queue.fail(new ReaderTooSlow())
  }
  const begin = async () => {
    await channel.begun
    if (after !== undefined) await catchUp({ scope, after, until: channel.last }, push, gone.signal)
    isCatchingUp = false
    for (const event of late.splice(0)) push(event)
  }

  channel.listeners.add(listener)
  begin().catch((error) => queue.fail(error))
  return queue.reader
}
