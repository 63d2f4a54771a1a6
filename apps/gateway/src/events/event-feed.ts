import { setTimeout as wait } from 'node:timers/promises'
import type { Event } from '@emailauth/contracts/events'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { Logger } from '@emailauth/service/logging/logger'
import { createTroubleLog } from '@emailauth/service/logging/trouble-log'
import { type EventScope, nameOfScope } from '../services/persistence/event-calls.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import { createCatchUp } from './catch-up.ts'
import { type Channel, openChannel } from './event-channel.ts'
import { joinChannel } from './join-channel.ts'
import { createUntilDone } from './until-done.ts'

/** Live events for any number of readers, over one connection to persistence for each scope. */
export interface EventFeed {
  /**
   * Events in order and without duplicates: all after the cursor, or all from now on. A reader that falls
   * too far behind gets an error. It can continue from the last cursor that it has seen.
   */
  follow(scope: EventScope, after: string | undefined): AsyncIterableIterator<Event>
  close(): void
}

/** Each is a connection to persistence, which looks for events on its behalf. */
export const MOST_CHANNELS = 500
/**
 * A channel stays open so long after its last reader has left. A client that subscribes and completes in a
 * loop would have each of its subscriptions open two connections to persistence and break them.
 */
export const LINGER_MS = 1000
const CUT_OFF = 'live events are cut off; they go on from the last one once persistence answers'

export function createEventFeed(
  persistence: Pick<Persistence, 'events' | 'liveEvents'>,
  logger: Pick<Logger, 'warn' | 'info'>,
  pause = wait,
): EventFeed {
  const trouble = createTroubleLog(logger, { trouble: CUT_OFF })
  const untilDone = createUntilDone(trouble, pause)
  const catchUp = createCatchUp({ persistence, untilDone, pause })
  const channels = new Map<string, Channel>()
  const lingering = new Map<string, NodeJS.Timeout>()

  function end(name: string): void {
    keep(name)
    channels.get(name)?.stop.abort()
    channels.delete(name)
  }

  function keep(name: string): void {
    clearTimeout(lingering.get(name))
    lingering.delete(name)
  }

  function channelOf(name: string, scope: EventScope): Channel {
    keep(name)
    const known = channels.get(name)
    if (known !== undefined) return known
    const [unread] = lingering.keys()
    if (channels.size >= MOST_CHANNELS && unread !== undefined) end(unread)
    if (channels.size >= MOST_CHANNELS)
      throw new ProblemError('unavailable', 'Too many tenants are being followed; try again later.')
    const channel = openChannel(scope, persistence, untilDone)
    channels.set(name, channel)
    return channel
  }

  return {
    follow(scope, after) {
      const name = nameOfScope(scope)
      const channel = channelOf(name, scope)
      const onLeave = () => {
        if (channel.listeners.size > 0 || channel.stop.signal.aborted) return
        keep(name)
        lingering.set(name, setTimeout(end, LINGER_MS, name).unref())
      }
      return joinChannel(channel, { scope, after, catchUp, onLeave })
    },
    close() {
      for (const name of [...channels.keys()]) end(name)
    },
  }
}
