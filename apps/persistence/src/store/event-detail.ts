import type { DeliveryReason } from '@emailauth/contracts/delivery-reason'
import type { Actor, DeliveryDetail } from '@emailauth/contracts/events'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { type SealContext, seal, UnsealError, unseal } from '@emailauth/secrets/seal'
import { additionalDataOf } from './additional-data.ts'

/** The sealed part of an event. */
export interface EventDetail {
  /** The address as mail is sent to it. */
  readonly email?: string
  /** Who did it. Absent: the person did. */
  readonly actor?: Actor
  /** What it was done to, where it is no identity. */
  readonly target?: string
  /** The SMTP server, what it replied, and the class of what went wrong. */
  readonly relay?: string | undefined
  readonly reply?: string | undefined
  readonly reason?: DeliveryReason | undefined
  /** The request that registered or resent. */
  readonly requestId?: string
}

/** The identity of an event. Sealed detail opens only with the same one. */
export interface EventLocation {
  readonly tenantId: string
  readonly member: Buffer
}

/** The detail of a delivery's outcome. undefined: nothing is known. */
export function deliveryDetailOf({ relay, reply, reason }: DeliveryDetail): EventDetail | undefined {
  if (relay === undefined && reply === undefined && reason === undefined) return undefined
  return { relay, reply, reason }
}

/** Seals the detail of an event. {@link openDetail} needs the same location. */
export function sealDetail(ring: KeyRing, location: EventLocation, detail: EventDetail): Buffer {
  return seal(ring, sealContextOf(location), JSON.stringify(detail))
}

/** Opens what {@link sealDetail} made. Answers no fields when its key has left the ring. */
export function openDetail(ring: KeyRing, location: EventLocation, sealed: Buffer): EventDetail {
  if (sealed.length === 0) return {}
  try {
    // Sealed by {@link sealDetail}, so it has this form.
    return JSON.parse(unseal(ring, sealContextOf(location), sealed)) as EventDetail
  } catch (error) {
    if (error instanceof UnsealError) return {}
    throw error
  }
}

function sealContextOf({ tenantId, member }: EventLocation): SealContext {
  return { purpose: 'event', additionalData: additionalDataOf('event', tenantId, member) }
}
