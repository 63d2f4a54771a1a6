import { type Event, type EventType, eventType } from '@emailauth/contracts/events'
import { openAct } from '../audit/audit.ts'
import { openDetail } from '../store/event-detail.ts'
import type { StreamEntry } from '../store/event-streams.ts'
import { type IdentityLocation, toIdentityId } from '../store/identity-id.ts'
import { MEMBER_BYTES } from '../store/identity-record.ts'
import type { StoreContext } from '../store/partition.ts'

/** An identity by its id and its location. */
export interface IdentityReference {
  readonly id: string
  readonly location: IdentityLocation
}

const NOTHING = Buffer.alloc(0)
const NO_DELIVERY = { relay: null, reply: null, reason: null, requestId: null } as const

/** The type of an entry. undefined: this version does not know it. */
export function typeOf({ fields }: StreamEntry): EventType | undefined {
  return eventType.safeParse(String(fields.get('k'))).data
}

/** The tenant that an entry concerns, or null. */
export function tenantIdOf({ stream, fields }: StreamEntry): string | null {
  if (stream.location !== undefined) return stream.location.tenantId
  const tenantId = String(fields.get('t') ?? '')
  return tenantId === '' ? null : tenantId
}

/** Whether an entry concerns an identity. For an act of an admin: whether the identity is its target. */
export function isAbout({ id, location }: IdentityReference, { stream, fields }: StreamEntry): boolean {
  if (stream.location === undefined) return String(fields.get('g') ?? '') === id
  const { tenantId, partition } = stream.location
  return (
    tenantId === location.tenantId &&
    partition === location.partition &&
    location.member.equals(fields.get('i') ?? NOTHING)
  )
}

/** The id of who did an act or revoked an identity, if any. */
export function actorIdOf({ ring }: StoreContext, { stream, fields }: StreamEntry): string | undefined {
  if (stream.location === undefined) return openAct(ring, stream.name, fields).actor?.id
  const member = fields.get('i') ?? NOTHING
  return openDetail(ring, { ...stream.location, member }, fields.get('d') ?? NOTHING).actor?.id
}

/** Opens an entry. */
export function toEvent(context: StoreContext, type: EventType, entry: StreamEntry): Event {
  const { ring } = context
  const { cursor, ms, stream, fields } = entry
  const sealed = fields.get('d') ?? NOTHING
  const plain = { cursor, type, at: new Date(ms).toISOString(), tenantId: tenantIdOf(entry) }
  if (stream.location === undefined) {
    const target = String(fields.get('g') ?? '')
    return { ...plain, ...NO_DELIVERY, identityId: null, ...openAct(ring, stream.name, fields), target }
  }
  const member = fields.get('i') ?? NOTHING
  const {
    email = null,
    actor = null,
    target = null,
    relay = null,
    reply = null,
    reason = null,
    requestId = null,
  } = openDetail(ring, { ...stream.location, member }, sealed)
  const identityId =
    member.length === MEMBER_BYTES ? toIdentityId(context, { ...stream.location, member }) : null
  return { ...plain, identityId, email, actor, target, changes: null, relay, reply, reason, requestId }
}
