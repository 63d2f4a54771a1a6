import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { isSealedWithNewest, UnsealError } from '@emailauth/secrets/seal'
import type { ScheduledTask } from '@emailauth/service/tasks/scheduler'
import { inSlices } from '@emailauth/service/timing/in-slices'
import { keys } from '../store/keys.ts'
import { scripts } from '../store/scripts.ts'
import { openSmtpUrl, readRecord, sealSmtpUrl, writeRecord } from './tenant-record.ts'

/** Seals the SMTP URLs of tenants again with the newest key, because they outlive every key of the ring. */
export interface SmtpUrlKeeping {
  /** Seals the URLs again that an older key sealed. Several services may do so at once. */
  reseal(): Promise<void>
  /** The ids of tenants whose URL needs a key that has left the ring. */
  unreadable(): Promise<string[]>
}

/** Tenants that are read before other calls get a turn. */
const READ_AT_ONCE = 50

export function createSmtpUrlKeeping(redis: RedisConnection, ring: KeyRing): SmtpUrlKeeping {
  /** The tenants that have a URL, with their stored text. */
  const withUrl = async () => {
    const ids = await redis.smembers(keys.tenants)
    const records = await inSlices(ids, READ_AT_ONCE, async (id) => {
      const stored = await redis.get(keys.tenant(id))
      const record = stored === null ? undefined : readRecord(stored)
      return { id, stored: stored ?? '', record, sealed: record?.sealedSmtpUrl }
    })
    return records.flatMap(({ record, sealed, ...rest }) =>
      record === undefined || sealed === undefined ? [] : [{ ...rest, record, sealed }],
    )
  }

  const open = (id: string, sealed: string): string | undefined => {
    try {
      return openSmtpUrl(ring, id, sealed)
    } catch (error) {
      if (error instanceof UnsealError) return undefined
      throw error
    }
  }

  return {
    async reseal() {
      if (ring.keys.length === 1) return
      for (const { id, stored, record, sealed } of await withUrl()) {
        if (isSealedWithNewest(ring, Buffer.from(sealed, 'base64'))) continue
        const smtpUrl = open(id, sealed)
        if (smtpUrl === undefined) continue
        const after = writeRecord({ ...record, sealedSmtpUrl: sealSmtpUrl(ring, id, smtpUrl) })
        await scripts.swap(redis, [keys.tenant(id)], { before: stored, after })
      }
    },

    async unreadable() {
      const found = await withUrl()
      return found.filter(({ id, sealed }) => open(id, sealed) === undefined).map(({ id }) => id)
    },
  }
}

/**
 * Reseals every hour, because a service with older keys may have written. The start itself does the first
 * round. An hour is much shorter than the day for which a key is still needed after it was the newest.
 */
export function resealHourly(keeping: readonly { reseal(): Promise<void> }[]): ScheduledTask {
  return {
    name: 'resealing',
    everyMs: 3_600_000,
    run: () => Promise.all(keeping.map((one) => one.reseal())),
    logLines: { trouble: 'SMTP URLs, passkeys or webhooks were not sealed with the newest key' },
  }
}
