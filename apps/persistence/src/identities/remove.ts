import type { Actor } from '@emailauth/contracts/events'
import { sealDetail } from '../events/event-detail.ts'
import { parseIdentityId } from '../redis/identity-id.ts'
import { scripts } from '../redis/scripts.ts'
import { readAddress } from '../registration/address.ts'
import type { FindIdentity } from './find.ts'
import { digests, type IdentitySpace, nowArgument, runRule } from './identity-space.ts'

/** Ends identities before their time. Each answers whether it ended one: false when it was gone already. */
export interface RemoveIdentity {
  /** An admin or the external server takes it back; `actor` stands in the event. */
  revoke(id: string, by?: { actor?: Actor | undefined; notAfter?: number | undefined }): Promise<boolean>
  /** Its mail was refused for good: the address's mail does not count. */
  refuse(id: string, notAfter?: number): Promise<boolean>
}

export function createRemoveIdentity(space: IdentitySpace, find: FindIdentity): RemoveIdentity {
  const remove = async (
    id: string,
    {
      kind,
      actor,
      refunds = [],
      notAfter,
    }: {
      kind: 'revoked' | 'rejected'
      actor?: Actor | undefined
      refunds?: readonly Buffer[]
      notAfter?: number | undefined
    },
  ) => {
    const place = parseIdentityId(id)
    if (place === undefined || place.partition >= space.partitions) return false
    const args = [
      nowArgument(space),
      place.member,
      kind,
      actor === undefined ? '' : sealDetail(space.ring, place, { actor }),
      ...refunds,
    ]
    const [outcome] = await runRule(space, scripts.remove, place, args, notAfter)
    return outcome.toString() === 'removed'
  }

  return {
    revoke: (id, by = {}) => remove(id, { kind: 'revoked', ...by }),

    async refuse(id, notAfter) {
      const found = await find.byId(id)
      if (found === undefined) return false
      const address = readAddress(found.record.email)
      if ('fault' in address) throw new Error('A stored address cannot be read any more.')
      const { tenantId } = found.place
      return remove(id, {
        kind: 'rejected',
        notAfter,
        refunds: space.ring.keys.map((key) => digests.address(key, tenantId, address.canonical)),
      })
    },
  }
}
