import type { Logger } from '@emailauth/service/logger'
import { createTroubleLog } from '@emailauth/service/trouble-log'
import type { Tenants } from '../calls/tenants.ts'
import { nowArgument, runMaintenance, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'

/** Bounds of one step, so that it never blocks Redis for long. */
const STEP = { mostSeconds: 1000, mostMembers: 500 }
const EVERY_MS = 1000
const WORDS = {
  trouble:
    'identities that have expired cannot be swept, so the events of their end come late: look at Redis',
  over: 'identities that have expired are swept again',
}

/** Removes expired identities from the live ones, in bounded steps. */
export interface Sweeper {
  /** Runs one step in each partition of each tenant. */
  sweep(): Promise<void>
  stop(): void
}

/** Sweeps every second until stopped. Several services may sweep one store. Each entry is removed once. */
export function startSweeper(context: StoreContext, tenants: Pick<Tenants, 'list'>, logger: Logger): Sweeper {
  const sweep = async () => {
    for (const { id } of await tenants.list()) {
      const partitions = Array.from({ length: context.partitions }, (_, partition) => partition)
      await Promise.all(
        partitions.map((partition) =>
          runMaintenance(
            context,
            scripts.sweep,
            { tenantId: id, partition },
            {
              now: nowArgument(context),
              ...STEP,
            },
          ),
        ),
      )
    }
  }

  const trouble = createTroubleLog(logger, WORDS)
  let running = false
  const timer = setInterval(async () => {
    if (running) return
    running = true
    try {
      await sweep()
      trouble.well()
    } catch (error) {
      trouble.fault({ err: error })
    } finally {
      running = false
    }
  }, EVERY_MS)
  timer.unref()
  return { sweep, stop: () => clearInterval(timer) }
}
