import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { keys } from './keys.ts'
import type { Partition } from './partition.ts'
import { scripts } from './scripts.ts'

/** Partitions with future work: identities that expire, and hours that end. All services share the list. */
export interface DuePartitions {
  /**
   * Lists a partition, unless it is listed for an earlier time. It never fails: what Redis did not take is
   * announced again by {@link announceAgain}.
   */
  announce(at: Partition, dueMs: number): Promise<void>
  announceAgain(): Promise<void>
  /** Leases due partitions to this service for {@link DUE_LEASE_MS}. */
  lease(most: number): Promise<LeasedPartitions>
  /** Ends a lease. `nextMs` undefined: the partition has no more work, unless it was announced meanwhile. */
  complete(lease: string, at: Partition, nextMs: number | undefined): Promise<void>
}

export interface LeasedPartitions {
  readonly lease: string
  readonly partitions: readonly Partition[]
  /** Ms until the next listed partition is due. undefined: no other is listed. */
  readonly nextInMs: number | undefined
}

/** A service that dies while it works on a partition leaves it to others after this time. */
export const DUE_LEASE_MS = 10_000
/** Announcements that are kept while Redis does not take them. A walk finds more than these. */
const MOST_KEPT = 10_000

/** @param now for tests: the time in ms. Absent: the clock of Redis. */
export function createDuePartitions(redis: RedisConnection, now?: () => number): DuePartitions {
  const list = [keys.due]
  const failed = new Map<string, number>()

  const announce = async (name: string, dueMs: number): Promise<void> => {
    try {
      await scripts.dueAnnounce(redis, list, { partition: name, dueMs })
    } catch {
      if (failed.size < MOST_KEPT) failed.set(name, Math.min(dueMs, failed.get(name) ?? dueMs))
    }
  }

  return {
    announce: (at, dueMs) => announce(nameOf(at), dueMs),

    async announceAgain() {
      const waiting = [...failed]
      failed.clear()
      await Promise.all(waiting.map(([name, dueMs]) => announce(name, dueMs)))
    },

    async lease(most) {
      const args = { now: now?.() ?? '', leaseMs: DUE_LEASE_MS, most }
      const { lease, names, nextInMs } = await scripts.dueLease(redis, list, args)
      return { lease, partitions: names.map(readName), nextInMs }
    },

    async complete(lease, at, nextMs) {
      await scripts.dueComplete(redis, list, { partition: nameOf(at), lease, next: nextMs ?? '' })
    },
  }
}

/** A tenant id has no dot. */
function nameOf({ tenantId, partition }: Partition): string {
  return `${tenantId}.${partition}`
}

function readName(name: string): Partition {
  const dot = name.lastIndexOf('.')
  return { tenantId: name.slice(0, dot), partition: Number(name.slice(dot + 1)) }
}
