import type { Logger } from '@emailauth/service/logger'
import { scripts } from '../redis/scripts.ts'
import type { TenantStore } from '../tenants/tenant-store.ts'
import { type IdentitySpace, nowArgument, readSpace } from './identity-space.ts'

/** One step works off at most so many seconds and identities, so that it never holds Redis up. */
const STEP = { seconds: 1000, members: 500 }
const EVERY_MS = 1000

/** Takes expired identities out of the live ones, a bounded step at a time. */
export interface Sweeper {
  /** One step over every space. */
  sweep(): Promise<void>
  stop(): void
}

/** Sweeps every second until stopped. Several services may sweep the same store: each entry is taken away once. */
export function startSweeper(space: IdentitySpace, tenants: TenantStore, logger: Logger): Sweeper {
  const sweep = async () => {
    for (const { id } of await tenants.list()) {
      const partitions = Array.from({ length: space.partitions }, (_, partition) => partition)
      await Promise.all(
        partitions.map((partition) =>
          readSpace(space, scripts.sweep, { tenantId: id, partition }, [
            nowArgument(space),
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
