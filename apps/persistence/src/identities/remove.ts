import type { Actor, DeliveryDetail } from '@emailauth/contracts/events'
import { readStoredAddress } from '../addresses/address.ts'
import { deliveryDetailOf, type EventDetail, sealDetail } from '../store/event-detail.ts'
import type { FindIdentity } from '../store/find-identity.ts'
import { parseIdentityId } from '../store/identity-id.ts'
import { digests, nowArgument, runRule, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'

/** Removes live identities. Each method answers false when the identity had ended already. */
export interface RemoveIdentity {
  /** For an admin or the external server. The event names the `actor`. */
  revoke(id: string, by?: { actor?: Actor | undefined; deadline?: number | undefined }): Promise<boolean>
  /** After a permanent refusal of its mail. The address's mail limit gets the mail back. */
  refuse(id: string, by?: { delivery?: DeliveryDetail; deadline?: number | undefined }): Promise<boolean>
}

export function createRemoveIdentity(context: StoreContext, find: FindIdentity): RemoveIdentity {
  const remove = async (
    id: string,
    {
      kind,
      detail,
      reason = '',
      refunds = [],
      deadline,
    }: {
      kind: 'revoked' | 'rejected'
      detail?: EventDetail | undefined
      reason?: DeliveryDetail['reason'] | ''
      refunds?: readonly Buffer[]
      deadline?: number | undefined
    },
  ) => {
    const location = parseIdentityId(context, id)
    if (location === undefined || location.partition >= context.partitions) return false
    const args = {
      now: nowArgument(context),
      member: location.member,
      event: kind,
      detail: detail === undefined ? '' : sealDetail(context.ring, location, detail),
      reason,
      each: refunds.map((canonical) => ({ canonical })),
    }
    return (await runRule(context, scripts.remove, location, args, deadline)) === 'removed'
  }

  return {
    revoke: (id, { actor, deadline } = {}) =>
      remove(id, { kind: 'revoked', detail: actor && { actor }, deadline }),

    async refuse(id, { delivery = {}, deadline } = {}) {
      const found = await find.byId(id)
      if (found === undefined) return false
      const address = readStoredAddress(found.record.email)
      const { tenantId } = found.location
      return remove(id, {
        kind: 'rejected',
        detail: deliveryDetailOf(delivery),
        reason: delivery.reason,
        deadline,
        refunds: context.ring.keys.map((key) => digests.address(key, tenantId, address.canonical)),
      })
    },
  }
}
