import { createHash } from 'node:crypto'
import { enumName } from '@emailauth/contracts/enum-name'
import type { Event } from '@emailauth/contracts/events'
import { webhookBody } from '@emailauth/contracts/webhook-body'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { isSealedWithNewest, seal, UnsealError, unseal } from '@emailauth/secrets/seal'

/** What waits for one endpoint: the body as it is posted, because it may say an address. */
export interface WaitingEvent {
  readonly type: string
  readonly body: string
  /** When the mailer was given it. */
  readonly atMs: number
}

const LANE_CHARACTERS = 16

/** Events of one identity wait for each other; those of no identity for nobody. */
export function laneOf({ identityId, cursor }: Event): string {
  return createHash('sha256')
    .update(identityId ?? cursor)
    .digest('hex')
    .slice(0, LANE_CHARACTERS)
}

/** Lane and sealed body, as the rules keep them. */
export function sealEvent(ring: KeyRing, endpointId: string, event: Event, atMs: number): Buffer {
  const waiting: WaitingEvent = { type: enumName(event.type), body: webhookBody(event), atMs }
  return Buffer.concat([
    Buffer.from(laneOf(event)),
    seal(ring, sealContextOf(endpointId), JSON.stringify(waiting)),
  ])
}

/** Undefined when it was sealed with a key that has left the ring. */
export function openEvent(ring: KeyRing, endpointId: string, value: Buffer): WaitingEvent | undefined {
  try {
    return JSON.parse(unseal(ring, sealContextOf(endpointId), value.subarray(LANE_CHARACTERS)))
  } catch (error) {
    if (error instanceof UnsealError) return undefined
    throw error
  }
}

/** The same, sealed with the newest key; undefined when it is already, or cannot be opened. */
export function resealEvent(ring: KeyRing, endpointId: string, value: Buffer): Buffer | undefined {
  if (isSealedWithNewest(ring, value.subarray(LANE_CHARACTERS))) return undefined
  const opened = openEvent(ring, endpointId, value)
  if (opened === undefined) return undefined
  const lane = value.subarray(0, LANE_CHARACTERS)
  return Buffer.concat([lane, seal(ring, sealContextOf(endpointId), JSON.stringify(opened))])
}

const sealContextOf = (endpointId: string) =>
  ({ purpose: 'webhook-event', additionalData: `webhook-event:${endpointId}` }) as const
