import type { Identity } from '@emailauth/contracts/identities'
import { toIdentityId } from '../store/identity-id.ts'
import { type IdentityRecord, openRecord } from '../store/identity-record.ts'
import type { StoreContext } from '../store/partition.ts'
import type { Entry } from './read-entries.ts'

/** Entries that are opened before other calls get a turn. */
export const OPENED_AT_ONCE = 25

/**
 * Opens an entry.
 * @throws {UnsealError} when its key has left the ring
 */
export function openEntry(context: StoreContext, { tenantId, partition, member, record }: Entry): Identity {
  const id = toIdentityId(context, { tenantId, partition, member })
  return toIdentity(id, tenantId, openRecord(context.ring, tenantId, member, record))
}

/** The part of a record that admins see. */
export function toIdentity(
  id: string,
  tenantId: string,
  { email, createdAtMs, expiresAtMs }: IdentityRecord,
): Identity {
  return {
    id,
    tenantId,
    email,
    createdAt: new Date(createdAtMs).toISOString(),
    expiresAt: new Date(expiresAtMs).toISOString(),
  }
}
