import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import type { Logger } from '@emailauth/service/logging/logger'
import { createDeadline, onlyGiven } from './store/deadline.ts'
import { createDuePartitions } from './store/due-partitions.ts'
import { readMetadata } from './store/metadata.ts'
import { createNotifications } from './store/notifications.ts'
import type { StoreContext } from './store/partition.ts'
import { redisClockOf } from './store/redis-clock.ts'
import type { ReplicaPolicy } from './store/replicas.ts'
import { createWebhookTenants } from './webhooks/webhook-tenants.ts'

export interface ContextOptions {
  readonly redis: RedisConnection
  /** For lists and statistics, so that register and verify do not wait behind them. Absent: the same one. */
  readonly reads?: RedisConnection
  /** For one command that waits until something happens. Absent: live events are polled for. */
  readonly waiting?: RedisConnection
  readonly ring: KeyRing
  /** Replicas that must have a change before it is acknowledged. Absent: none. */
  readonly replicas?: ReplicaPolicy
  readonly logger?: Pick<Logger, 'warn' | 'info'>
  /** Whether numbers of test tenants may live shorter than those of others. Absent: no. */
  readonly allowShortLives?: boolean
  /** For tests: the time in ms. Absent: the clock of Redis. */
  readonly now?: () => number
}

export type OpenContext = Awaited<ReturnType<typeof openContext>>

/** Opens what all rules run in. The first use of a Redis writes the store's metadata. */
export async function openContext(options: ContextOptions) {
  const { redis, reads = redis, ring, replicas, allowShortLives = false, now } = options
  const metadata = await readMetadata(redis, ring)
  const clock = redisClockOf(redis)
  await clock.known()
  // Clocks of persistence may differ, and sessions and keys end by what one of them has written.
  const time = now ?? clock.time
  const webhookTenants = createWebhookTenants(redis, time)
  // From the first call on, because events of these tenants must not be trimmed too early.
  await webhookTenants.list()
  const due = createDuePartitions(redis, now)
  const notifications = createNotifications(redis, options.waiting, options.logger)
  const context: StoreContext = {
    redis,
    due,
    notifications,
    ring,
    ...metadata,
    replicas: replicas ?? { count: 0, timeoutMs: 0 },
    allowShortLives,
    webhookTenants: webhookTenants.known,
    ...(now === undefined
      ? { deadline: createDeadline(redis, clock), askTime: clock.known }
      : { now, deadline: onlyGiven }),
  }
  const readContext: StoreContext = { ...context, redis: reads }
  return { context, readContext, reads, clock, time, due, notifications, webhookTenants }
}
