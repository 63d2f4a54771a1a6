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
  const shown = new Map(list.rows.map((row) => [row.identity.id, row]))
  const changed = new Map<string, Row>()
  const newIds = new Set(list.newIds)
  let { total } = list
  for (const event of events) {
    const { type, identityId } = event
    if (identityId === null) continue
    const row = changed.get(identityId) ?? shown.get(identityId)
    if (event.cursor > list.countedTo) total += countOf(type, row)
    if (isEnd(type)) newIds.delete(identityId)
    else if (type === 'REGISTERED' && row === undefined && matches(search, event.email))
      newIds.add(identityId)
    if (row === undefined) continue
    const next = rowAfter(type, row)
    if (next !== row) changed.set(identityId, next)
  }
  const isSame = newIds.size === list.newIds.size && total === list.total
  if (changed.size === 0 && isSame) return list
  const rows = changed.size === 0 ? list.rows : list.rows.map((row) => changed.get(row.identity.id) ?? row)
  return { ...list, rows, newIds, total: Math.max(0, total) }
}

/** How many live identities more an event makes, which has not been counted. */
function countOf(type: EventType, row: Row | undefined): -1 | 0 | 1 {
  if (type === 'REGISTERED' && row === undefined) return 1
  return isEnd(type) && row?.end === undefined ? -1 : 0
}

/** A row after an event of its identity. The same object if nothing changed: an ended one stays as it is. */
function rowAfter(type: EventType, row: Row): Row {
  if (row.end !== undefined) return row
  if (isEnd(type)) return { ...row, end: type }
  const state = STATES[type] ?? row.state
  return state === row.state ? row : { ...row, state }
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
