import type { Logger } from '@emailauth/service/logger'
import { nowArgument, runMaintenance, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'
import type { TenantStore } from '../tenants/tenant-store.ts'

/** One step works off at most so many seconds and identities, so that it never holds Redis up. */
const STEP = { seconds: 1000, members: 500 }
const EVERY_MS = 1000

/** Takes expired identities out of the live ones, a bounded step at a time. */
export interface Sweeper {
  /** One step over every context. */
  sweep(): Promise<void>
  stop(): void
}

/** Sweeps every second until stopped. Several services may sweep one store: each entry is removed once. */
export function startSweeper(context: StoreContext, tenants: TenantStore, logger: Logger): Sweeper {
  const sweep = async () => {
    for (const { id } of await tenants.list()) {
      const partitions = Array.from({ length: context.partitions }, (_, partition) => partition)
      await Promise.all(
        partitions.map((partition) =>
          runMaintenance(context, scripts.sweep, { tenantId: id, partition }, [
            nowArgument(context),
            STEP.seconds,
            STEP.members,
          ]),
        ),
      )
    }
  }

  let running = false
  const timer = setInterval(async () => {
    if (running) return
    running = true
    try {
      await sweep()
    } catch (error) {
      logger.warn({ err: error }, 'sweeping failed; the next round goes on from there')
    } finally {
      running = false
    }
  }, EVERY_MS)
  timer.unref()
  return { sweep, stop: () => clearInterval(timer) }
}
