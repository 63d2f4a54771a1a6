import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { keys } from '../store/keys.ts'
import { readRecord, type TenantRecord } from './tenant-record.ts'

/** A tenant as Redis has it now. undefined: there is none with this id. */
export async function readTenant(redis: RedisConnection, id: string): Promise<TenantRecord | undefined> {
  const stored = await redis.get(keys.tenant(id))
  return stored === null ? undefined : readRecord(stored)
}
