import { setTimeout as wait } from 'node:timers/promises'
import { isClosed } from '@emailauth/redis/connection/close-for-good'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { isRedisUnavailable } from '@emailauth/redis/faults'
import type { Logger } from '@emailauth/service/logging/logger'
import { createTroubleLog } from '@emailauth/service/logging/trouble-log'
import { keys } from './keys.ts'
import { scripts } from './scripts.ts'

/**
 * Notifies all services that something has happened, so that nobody has to look for events again and again.
 * A notification only says when to look. One may get lost, so a reader also looks now and then by itself.
 */
export interface Notifications {
  /** Something happened at a tenant, or {@link ACTS}. Never fails, and costs next to nothing. */
  notify(tenantId: string): void
  /** Calls the listener with each notification of any service. Returns a function that ends it. */
  subscribe(listener: Listener): () => void
  /** false: notifications do not arrive at the moment, so a reader must poll. */
  isLive(): boolean
}

type Listener = (tenantIds: ReadonlySet<string>) => void

/** In place of a tenant: more of them than one notification names. */
export const EVERYWHERE = '*'
/** In place of a tenant: an admin did something. */
export const ACTS = '!'

/** How long one service collects notifications. */
const COLLECT_MS = 50
const MOST_TENANTS = 200
/** How long Redis waits with its reply. Shorter than the time-out of the connection. */
export const BLOCK_MS = 5000
const AFTER_FAULT_MS = 1000
const LOG_LINES = {
  trouble:
    'Redis does not let notifications be read, so new events are looked for again and again: compare its user with docs/deployment/redis.md',
  over: 'notifications can be read again',
}

/**
 * @param waiting a connection for reading alone, whose commands may take longer than {@link BLOCK_MS}.
 * Absent: nothing arrives, and readers poll.
 * @param logger logs when Redis refuses. Faults of the connection are logged elsewhere.
 */
export function createNotifications(
  redis: RedisConnection,
  waiting?: RedisConnection,
  logger?: Pick<Logger, 'warn' | 'info'>,
): Notifications {
  const refusals = createTroubleLog(logger, LOG_LINES)
  const listeners = new Set<Listener>()
  const collected = new Set<string>()
  let isLive = false
  let isReading = false

  const send = async () => {
    const tenantIds = collected.size > MOST_TENANTS ? EVERYWHERE : [...collected].join(' ')
    collected.clear()
    // A lost notification makes readers late, not wrong.
    await scripts.notify(redis, [keys.notifications], { tenants: tenantIds }).catch(() => {})
  }

  const notifyListeners = (tenantIds: ReadonlySet<string>) => {
    for (const listener of [...listeners]) listener(tenantIds)
  }

  const beLive = () => {
    if (isLive) return
    isLive = true
    // What came before this was missed.
    notifyListeners(new Set([EVERYWHERE]))
  }

  /** Reads until nobody listens or the connection is closed for good. */
  const read = async (from: RedisConnection) => {
    let last: string | undefined
    while (listeners.size > 0) {
      try {
        last ??= (await from.xrevrange(keys.notifications, '+', '-', 'COUNT', 1))[0]?.[0] ?? '0-0'
        beLive()
        const found = await from.xread('BLOCK', BLOCK_MS, 'STREAMS', keys.notifications, last)
        refusals.well()
        const entries = found?.[0]?.[1] ?? []
        last = entries.at(-1)?.[0] ?? last
        if (entries.length > 0)
          notifyListeners(new Set(entries.flatMap(([, [, ids = '']]) => ids.split(' '))))
      } catch (error) {
        isLive = false
        if (isClosed(from)) break
        if (!isRedisUnavailable(error)) refusals.fault({ err: error })
        // After a failover the ids may begin anew.
        last = undefined
        await wait(AFTER_FAULT_MS, undefined, { ref: false })
      }
    }
    isLive = false
    isReading = false
  }

  return {
    notify(tenantId) {
      if (collected.size === 0) setTimeout(send, COLLECT_MS).unref()
      collected.add(tenantId)
    },
    subscribe(listener) {
      listeners.add(listener)
      if (!isReading && waiting !== undefined) {
        isReading = true
        void read(waiting)
      }
      return () => void listeners.delete(listener)
    },
    isLive: () => isLive,
  }
}
