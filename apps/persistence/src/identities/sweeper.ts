import type { ScheduledTask } from '@emailauth/service/tasks/scheduler'
import { AT_REST_MS } from '@emailauth/service/timing/aligned-timer'
import { inSlices } from '@emailauth/service/timing/in-slices'
import type { Tenants } from '../calls/tenants.ts'
import type { DuePartitions } from '../store/due-partitions.ts'
import { keyPrefix } from '../store/keys.ts'
import { nowArgument, type Partition, runMaintenance, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'

/** Removes expired identities from the live ones and adds up past hours, in bounded steps. */
export interface Sweeper {
  /** Visits partitions that are due, up to {@link MOST}. Several services may sweep one store. */
  sweepDue(): Promise<SweptPartitions>
  /** Visits all partitions of these tenants, due or not, and lists those with work. */
  visitTenants(tenantIds: readonly string[]): Promise<void>
  /**
   * Visits all partitions of the next tenants, due or not. `rounds` calls visit every tenant once. With few
   * tenants most calls visit none: one tenant in {@link ROUNDS_A_TENANT} calls is the least.
   */
  walk(rounds: number): Promise<void>
}

/** What a round of the sweep came to. */
export interface SweptPartitions {
  /** How many were visited. */
  readonly visited: number
  /**
   * Ms until the next partition is due, unless these visits bring an earlier one. undefined: none is known.
   */
  readonly nextInMs: number | undefined
}

export interface SweeperOptions {
  readonly context: StoreContext
  readonly due: DuePartitions
  readonly tenants: Pick<Tenants, 'ids'>
}

const LOG_LINES = {
  trouble:
    'identities that have expired cannot be swept, so the events of their end come late: look at Redis',
  over: 'identities that have expired are swept again',
}
/** Bounds of one step, so that it never blocks Redis for long. */
const STEP = { mostSeconds: 1000, mostMembers: 500 }
/** Partitions of one round, and of them at the same time. */
const MOST = 200
const AT_ONCE = 32
/** Partitions that are asked at the same time whether they have work. Each master gets them in one write. */
const ASKED_AT_ONCE = 128
/** The walk visits at least one tenant in so many rounds. */
const ROUNDS_A_TENANT = 15
/** Rounds after which the walk reads the ids of all tenants again. A new tenant may wait until then. */
const ROUNDS_A_READ = 900
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

  const visitTenants = async (tenantIds: readonly string[]): Promise<void> => {
    const all = tenantIds.flatMap((tenantId) =>
      Array.from({ length: context.partitions }, (_, partition) => ({ tenantId, partition })),
    )
    const found = await inSlices(all, ASKED_AT_ONCE, hasWork)
    const withWork = all.filter((_, index) => found[index])
    await inSlices(withWork, AT_ONCE, async (at) => {
      const dueMs = await visit(at)
      if (dueMs !== undefined) await due.announce(at, dueMs)
    })
  }

  /** The last tenant that the walk came to. */
  let last: string | undefined
  /** Those that it comes to next. */
  let coming: readonly string[] = []
  /** Tenants of one round, and what earlier rounds have left over. Both may be a part of a tenant. */
  let ofRound = 0
  let owed = 1

  const readComing = async (rounds: number): Promise<void> => {
    const ids = (await tenants.ids()).sort()
    ofRound = Math.max(ids.length / rounds, 1 / ROUNDS_A_TENANT)
    const start = last === undefined ? Math.floor(Math.random() * ids.length) : firstAfter(ids, last)
    coming = [...ids.slice(start), ...ids.slice(0, start)].slice(0, Math.ceil(ofRound * ROUNDS_A_READ))
  }

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

    visitTenants,

    async walk(rounds) {
      const due = owed + ofRound
      const count = Math.floor(due)
      if (coming.length < count) await readComing(rounds)
      const ids = coming.slice(0, count)
      await visitTenants(ids)
      // Only after a success, so that the next round visits the tenants of one that failed.
      coming = coming.slice(count)
      last = ids.at(-1) ?? last
      owed = due - count
    },
  }
}

/** The walk visits each tenant twice in the day for which minutes are kept, even if no list names it. */
const WALK_MS = 12 * 3_600_000

/** The sweeps of a service. */
export function sweeps(sweeper: Pick<Sweeper, 'sweepDue' | 'walk'>): readonly ScheduledTask[] {
  return [
    {
      name: 'sweep',
      everyMs: 1000,
      run: async ({ rest }) => {
        const { visited, nextInMs } = await sweeper.sweepDue()
        if (visited === 0) rest(nextInMs)
        return visited === MOST
      },
      logLines: LOG_LINES,
    },
    {
      // A few tenants at a time, when this process wakes anyway. After many at once the garbage collection
      // takes longer than the work itself.
      name: 'walk',
      everyMs: AT_REST_MS,
      run: async ({ rest }) => {
        rest()
        await sweeper.walk(WALK_MS / AT_REST_MS)
      },
      // A minute. The sweep reports sooner that Redis is gone.
      faultsLogged: 15,
      logLines: {
        trouble: 'not every tenant was looked at for what expired; the next round goes on from there',
      },
    },
  ]
}

function firstAfter(ids: readonly string[], last: string): number {
  const found = ids.findIndex((id) => id > last)
  return found === -1 ? 0 : found
}

/** The delay is always the same for a partition, and delays are spread evenly over the half hour. */
export function rollUpDelayMs({ tenantId, partition }: Partition): number {
  let hash = partition * 40_503
  for (let at = 0; at < tenantId.length; at++) hash = (hash * 31 + tenantId.charCodeAt(at)) | 0
  return Math.abs(hash) % ROLL_UP_WITHIN_MS
}
