import type { Logger } from '@emailauth/service/logging/logger'
import type { ScheduledTask } from '@emailauth/service/tasks/scheduler'
import { createSweeper, sweeps } from './identities/sweeper.ts'
import { noteKeyUse } from './key-ring/note-use.ts'
import { listDuePartitions } from './migrations/list-due-partitions.ts'
import { createMigrations, migrationTask } from './migrations/run-migrations.ts'
import type { Store } from './open-store.ts'
import { createTenantDeletion, deletionTasks } from './tenants/delete-tenants.ts'
import { resealHourly } from './tenants/reseal-smtp-urls.ts'

/** What persistence does without being called. */
export function backgroundTasks(store: Store, logger: Logger): readonly ScheduledTask[] {
  const sweeper = createSweeper(store)
  const { tenants, context } = store
  const migrations = [listDuePartitions(tenants, sweeper.visitTenants)]
  return [
    ...sweeps(sweeper),
    migrationTask(createMigrations(context.redis, migrations, logger)),
    ...deletionTasks(createTenantDeletion({ ...store, redis: context.redis, logger })),
    noteKeyUse(store.keyRing),
    resealHourly([store.smtpUrls, store.passkeys, store.webhooks]),
  ]
}
