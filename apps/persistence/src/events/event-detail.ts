import type { Actor } from '@emailauth/contracts/events'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { type SealContext, seal, UnsealError, unseal } from '@emailauth/secrets/seal'

/** What an event says that not everybody may read. */
export interface EventDetail {
  /** The address as it is mailed. */
  readonly email?: string
  /** Who did it, where it was not the person. */
  readonly actor?: Actor
}

/** Whose event it is; sealed detail opens nowhere else. */
export interface EventLocation {
  readonly tenantId: string
  readonly member: Buffer
}

export function sealDetail(ring: KeyRing, location: EventLocation, detail: EventDetail): Buffer {
  return seal(ring, placeOf(location), JSON.stringify(detail))
}

/** Opens what {@link sealDetail} made. What was sealed with a key that has left the ring is left out. */
export function openDetail(ring: KeyRing, location: EventLocation, sealed: Buffer): EventDetail {
  if (sealed.length === 0) return {}
  try {
    return JSON.parse(unseal(ring, placeOf(location), sealed)) as EventDetail
  } catch (error) {
    if (error instanceof UnsealError) return {}
    throw error
  }
}

function placeOf({ tenantId, member }: EventLocation): SealContext {
  return { purpose: 'event', place: Buffer.concat([Buffer.from(`event:${tenantId}:`), member]) }
}
