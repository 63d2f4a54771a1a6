import { setTimeout as wait } from 'node:timers/promises'
import type { Event } from '@emailauth/contracts/events'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { Logger } from '@emailauth/service/logging/logger'
import { createTroubleLog } from '@emailauth/service/logging/trouble-log'
import type { EventScope } from '../services/persistence/event-calls.ts'
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

  function channelOf(name: string, scope: EventScope): Channel {
    const known = channels.get(name)
    if (known !== undefined) return known
    if (channels.size >= MOST_CHANNELS)
      throw new ProblemError('unavailable', 'Too many tenants are being followed; try again later.')
    const channel = openChannel(scope, persistence, untilDone)
    channels.set(name, channel)
    return channel
  }

  return {
    follow(scope, after) {
      const name = `${scope.tenantId ?? '*'} ${scope.audit}`
      const channel = channelOf(name, scope)
      const onLeave = () => {
        if (channel.listeners.size > 0) return
        channel.stop.abort()
        channels.delete(name)
      }
      return joinChannel(channel, { scope, after, catchUp, onLeave })
    },
    close() {
      for (const { stop } of channels.values()) stop.abort()
      channels.clear()
    },
  }
}
