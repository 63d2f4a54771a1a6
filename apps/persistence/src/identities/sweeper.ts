import { inSlices } from '@emailauth/service/in-slices'
import type { ScheduledTask } from '@emailauth/service/scheduler'
import type { Tenants } from '../calls/tenants.ts'
import type { DuePartitions } from '../store/due-partitions.ts'
import { keyPrefix } from '../store/keys.ts'
import { nowArgument, type Partition, runMaintenance, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'

/** Removes expired identities from the live ones and adds up past hours, in bounded steps. */
export interface Sweeper {
  /** Visits partitions that are due, up to {@link MOST}. Several services may sweep one store. */
  sweepDue(): Promise<SweptPartitions>
  /** Visits all partitions of a tenant, due or not, and lists those with work. */
  visitTenant(tenantId: string): Promise<void>
  /** Visits all partitions of the next tenants, due or not. Repeated, it comes to every tenant. */
  walk(tenants: number): Promise<void>
}

export interface SweptPartitions {
  /** How many were visited. */
  readonly visited: number
  /** In so many ms another one is due, if none comes sooner by these visits. undefined: no other is known. */
  readonly nextInMs: number | undefined
}

export interface SweeperOptions {
  readonly context: StoreContext
  readonly due: DuePartitions
  readonly tenants: Pick<Tenants, 'ids'>
}

const WORDS = {
  trouble:
    'identities that have expired cannot be swept, so the events of their end come late: look at Redis',
  over: 'identities that have expired are swept again',
}
/** Bounds of one step, so that it never blocks Redis for long. */
const STEP = { mostSeconds: 1000, mostMembers: 500 }
/** Partitions of one round, and of them at the same time. */
const MOST = 200
const AT_ONCE = 32
/** An hour is rolled up within this time of its end. Spread, so that not all partitions are due at once. */
const ROLL_UP_WITHIN_MS = 1_800_000

export function createSweeper({ context, due, tenants }: SweeperOptions): Sweeper {
  /** One step. Answers when the next one is due. */
  const visit = async (at: Partition): Promise<number | undefined> => {
    const args = { now: nowArgument(context), ...STEP, rollUpDelayMs: rollUpDelayMs(at) }
    const { dueMs, expired } = await runMaintenance(context, scripts.sweep, at, args)
    if (expired.length > 0) context.notifications?.notify(at.tenantId)
    return dueMs
  }

  /** Most partitions of most tenants are empty on a Cluster. To ask costs far less than to visit. */
  const hasWork = async ({ tenantId, partition }: Partition): Promise<boolean> => {
    const prefix = keyPrefix(tenantId, partition)
    return (await context.redis.exists(`${prefix}swept`, `${prefix}rolled`)) > 0
  }

  const visitTenant = async (tenantId: string): Promise<void> => {
    const all = Array.from({ length: context.partitions }, (_, partition) => ({ tenantId, partition }))
    await inSlices(all, AT_ONCE, async (at) => {
      if (!(await hasWork(at))) return
      const dueMs = await visit(at)
      if (dueMs !== undefined) await due.announce(at, dueMs)
    })
  }

  /** Where the next walk begins: after this tenant. */
  let last: string | undefined

  return {
    async sweepDue() {
      await due.announceAgain()
      const { lease, partitions, nextInMs } = await due.lease(MOST)
      const visits = await inSlices(partitions, AT_ONCE, async (at) => {
        try {
          await due.complete(lease, at, await visit(at))
          return undefined
        } catch (error) {
          return { error }
        }
      })
      // The others are done. This one comes again when its lease is over.
      const failed = visits.find((outcome) => outcome !== undefined)
      if (failed !== undefined) throw failed.error
      return { visited: partitions.length, nextInMs }
    },

    visitTenant,

    async walk(count) {
      const ids = (await tenants.ids()).sort()
      const start = last === undefined ? Math.floor(Math.random() * ids.length) : firstAfter(ids, last)
      const next = [...ids.slice(start), ...ids.slice(0, start)].slice(0, count)
      for (const tenantId of next) {
        await visitTenant(tenantId)
        last = tenantId
      }
    },
  }
}

/** A walk comes to each tenant twice within the day for which minutes are kept, even without its entry. */
const WALK_MINUTES = 12 * 60

/** The sweeps of a service. */
export function sweeps(sweeper: Sweeper, tenants: Pick<Tenants, 'ids'>): readonly ScheduledTask[] {
  return [
    {
      name: 'sweep',
      everyMs: 1000,
      run: async ({ rest }) => {
        const { visited, nextInMs } = await sweeper.sweepDue()
        if (visited === 0) rest(nextInMs)
        return visited === MOST
      },
      words: WORDS,
    },
    {
      name: 'walk',
      everyMs: 60_000,
      run: async () => sweeper.walk(Math.ceil((await tenants.ids()).length / WALK_MINUTES)),
      words: {
        trouble: 'not every tenant was looked at for what expired; the next round goes on from there',
      },
    },
  ]
}

function firstAfter(ids: readonly string[], last: string): number {
  const found = ids.findIndex((id) => id > last)
  return found === -1 ? 0 : found
}

/** The same for a partition each time, and spread evenly over the half hour. */
export function rollUpDelayMs({ tenantId, partition }: Partition): number {
  let hash = partition * 40_503
  for (let at = 0; at < tenantId.length; at++) hash = (hash * 31 + tenantId.charCodeAt(at)) | 0
  return Math.abs(hash) % ROLL_UP_WITHIN_MS
}
