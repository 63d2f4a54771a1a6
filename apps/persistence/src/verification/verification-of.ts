import { toProblem } from '@emailauth/contracts/problems'
import type { VerificationResult } from '@emailauth/contracts/verifications'
import { toIdentityId } from '../store/identity-id.ts'
import { openRecord } from '../store/identity-record.ts'
import type { Partition, StoreContext } from '../store/partition.ts'

/** Opens the record of a `verified` reply. */
export function verificationOf(
  context: StoreContext,
  { tenantId, partition }: Partition,
  { member, record }: { readonly member: Buffer; readonly record: Buffer },
): VerificationResult {
  const { email, token, createdAtMs } = openRecord(context.ring, tenantId, member, record)
  const identityId = toIdentityId(context, { tenantId, partition, member })
  return { verification: { identityId, email, token, registeredAt: new Date(createdAtMs).toISOString() } }
}

/** The one answer to every result that is not good, whatever the reason. */
export function wrongResult(): VerificationResult {
  const detail = 'This result is not valid: it may be used, expired, or belong to another identity.'
  return { problem: toProblem('wrong-credentials', detail) }
}
