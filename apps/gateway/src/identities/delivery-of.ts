import { readEmailAddress } from '@emailauth/contracts/email-address'
import type { Identity } from '@emailauth/contracts/identities'
import { deliveryOfTags, reservedTags, type TestDelivery } from '@emailauth/contracts/test-mode'
import { type DeliveryState, deliveryState } from '../services/mailer/delivery-state.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { TenantDirectory } from '../tenants/tenant-directory.ts'
import type { Delivery } from './identity.types.ts'

/** What is asked for the delivery state of a mail. */
interface DeliveryPorts {
  readonly mailer: Pick<Mailer, 'message'>
  readonly tenants: Pick<TenantDirectory, 'find'>
}

/**
 * The delivery state of an identity's mail. Look-ups of one turn, such as those of a page, make one call.
 * The mailer knows nothing of a mail that was simulated: its outcome is read from the address again.
 */
export async function deliveryOf(
  { id, tenantId, email }: Identity,
  { mailer, tenants }: DeliveryPorts,
): Promise<Delivery> {
  const message = await mailer.message(id)
  if (message !== undefined) {
    const { attempts, updatedAt, nextAttemptAt, relay, reply } = message
    const reason = reply ?? WITHOUT_REPLY[message.state] ?? null
    return { state: deliveryState(message.state), attempts, updatedAt, nextAttemptAt, relay, reason }
  }
  const tenant = await tenants.find(tenantId)
  const address = readEmailAddress(email)
  const tags = tenant === undefined || 'fault' in address ? undefined : reservedTags(tenant, address.key)
  const [state, reason]: readonly [DeliveryState, string] =
    tags === undefined
      ? [deliveryState(undefined), 'no message known']
      : [SIMULATED[deliveryOfTags(tags)], 'simulated: the address is reserved for tests']
  return { state, attempts: 0, reason, relay: null, updatedAt: null, nextAttemptAt: null }
}

/** As for a real mail with this outcome. */
const SIMULATED: Readonly<Record<TestDelivery, DeliveryState>> = {
  sent: 'SENT',
  bounced: 'FAILED',
  deferred: 'QUEUED',
  failed: 'FAILED',
  rejected: 'FAILED',
}

const WITHOUT_REPLY: Readonly<Record<string, string>> = {
  expired: 'the number expired before the mail was accepted',
  dropped: 'the number was used, replaced or revoked before the mail was accepted',
}
