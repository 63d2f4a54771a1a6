import type { KeyRing } from '@emailauth/secrets/key-ring'
import { isSealedWithNewest } from '@emailauth/secrets/seal'
import { openTarget, sealTarget } from './webhook-record.ts'
import type { WebhookRecords } from './webhook-records.ts'
import type { WebhookTenants } from './webhook-tenants.ts'

/**
 * Seals URLs and secrets of endpoints again with the newest key, because they outlive every key of the ring.
 */
export interface WebhookKeeping {
  /** Seals again what an older key sealed. Several services may do so at once. */
  reseal(): Promise<void>
  /** Ids of endpoints that were sealed with a key that has left the ring. */
  unreadable(): Promise<string[]>
}

/** @param ring the mailer's. */
export function createWebhookKeeping(
  ring: KeyRing,
  tenants: Pick<WebhookTenants, 'list'>,
  { all, write }: Pick<WebhookRecords, 'all' | 'write'>,
): WebhookKeeping {
  return {
    async reseal() {
      if (ring.keys.length === 1) return
      for (const tenantId of await tenants.list()) {
        for (const { stored, record } of await all(tenantId)) {
          const target = openTarget(ring, record)
          if (target === undefined || isSealedWithNewest(ring, Buffer.from(record.sealed, 'base64'))) continue
          // A new version, so that the mailer's copy is replaced too.
          const sealed = sealTarget(ring, record.shown.id, target)
          await write(record.shown.id, stored, { ...record, sealed, version: record.version + 1 })
        }
      }
    },

    async unreadable() {
      const found = await Promise.all((await tenants.list()).map(all))
      return found
        .flat()
        .filter(({ record }) => openTarget(ring, record) === undefined)
        .map(({ record }) => record.shown.id)
    },
  }
}
