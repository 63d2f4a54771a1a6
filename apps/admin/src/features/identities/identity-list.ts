import type { EventType, IdentityDetailsFragment, MessageState } from '../../generated/graphql.ts'
import { keysOf } from '../../lib/typed-record.ts'
import type { Event } from '../events/api/follow-events.ts'

export type Identity = IdentityDetailsFragment

/** How an identity ended. */
export type End = Extract<
  EventType,
  'VERIFIED' | 'REPLACED' | 'REVOKED' | 'REJECTED' | 'BURNED' | 'EXPIRED' | 'IDENTITY_REVOKED'
>

/** A row: the loaded data, and what has happened since. */
export interface Row {
  readonly identity: Identity
  /** Undefined: no mail is known, or the mailer did not answer. */
  readonly state: MessageState | undefined
  readonly end: End | undefined
}

/** The rows shown. Only a new load changes their order. */
export interface IdentityList {
  readonly rows: readonly Row[]
  /** Registered since the load and still live. They appear with the next load. */
  readonly newIds: ReadonlySet<string>
  /** Number of live identities, filtered by tenant only. */
  readonly total: number
  /** Cursor of the newest event that the total includes. */
  readonly countedTo: string
}

/** The part of a search that an event can be compared with. */
interface AddressSearch {
  readonly email?: string
  readonly domain?: string
}

const ENDS: readonly EventType[] = [
  'VERIFIED',
  'REPLACED',
  'REVOKED',
  'REJECTED',
  'BURNED',
  'EXPIRED',
  'IDENTITY_REVOKED',
]
const STATES: Partial<Record<EventType, MessageState>> = {
  SENT: 'SENT',
  DEFERRED: 'DEFERRED',
  BOUNCED: 'BOUNCED',
  RESENT: 'QUEUED',
}

export const FOLLOWED: readonly EventType[] = [
  'REGISTERED',
  ...keysOf(STATES),
  ...ENDS.filter((type) => type !== 'IDENTITY_REVOKED'),
]

const isEnd = (type: EventType): type is End => ENDS.includes(type)

export function toRow(identity: Identity): Row {
  return { identity, state: identity.message?.state, end: undefined }
}

/**
 * Applies a burst of events, oldest first. Rows keep their position, ended ones stay visible, and new ones
 * are only counted. Returns the same object if nothing changed.
 */
export function after(list: IdentityList, events: readonly Event[], search: AddressSearch): IdentityList {
  const known = new Map(list.rows.map(({ identity }, at) => [identity.id, at]))
  const changed = new Map<number, Row>()
  const newIds = new Set(list.newIds)
  let { total } = list
  for (const event of events) {
    const { type, identityId } = event
    if (identityId === null) continue
    const at = known.get(identityId)
    const isCounted = event.cursor <= list.countedTo
    if (type === 'REGISTERED' && at === undefined) {
      if (!isCounted) total++
      if (matches(search, event.email)) newIds.add(identityId)
    }
    const row = at === undefined ? undefined : (changed.get(at) ?? list.rows[at])
    if (isEnd(type)) {
      newIds.delete(identityId)
      if (!isCounted && row?.end === undefined) total--
    }
    if (at === undefined || row === undefined || row.end !== undefined) continue
    const state = STATES[type] ?? row.state
    const end = isEnd(type) ? type : undefined
    if (state !== row.state || end !== undefined) changed.set(at, { ...row, state, end })
  }
  const isSame = newIds.size === list.newIds.size && total === list.total
  if (changed.size === 0 && isSame) return list
  const rows = changed.size === 0 ? list.rows : list.rows.map((row, at) => changed.get(at) ?? row)
  return { ...list, rows, newIds, total: Math.max(0, total) }
}

/** Fills in delivery states from another answer. Rows keep their position. */
export function withStates(list: IdentityList, identities: readonly Identity[]): IdentityList {
  const states = new Map(identities.map(({ id, message }) => [id, message?.state]))
  const rows = list.rows.map((row) => {
    const state = states.get(row.identity.id) ?? row.state
    return state === row.state ? row : { ...row, state }
  })
  return { ...list, rows }
}

/** An approximation: the gateway knows more spellings of a domain. */
function matches({ email, domain }: AddressSearch, address: string | null): boolean {
  if (email === undefined && domain === undefined) return true
  const given = address?.toLowerCase()
  if (email !== undefined && given !== email.toLowerCase()) return false
  return domain === undefined || (given ?? '').endsWith(`@${domain.toLowerCase()}`)
}
