import { type EventType, ForbiddenError, InputError } from '../client.ts'
import type { ReplayWebhookEventsInput } from '../generated/operations.ts'

/** Event types that webhooks are about: those of identities and of the tenant, not what admins do. */
const TYPES: ReadonlySet<EventType> = new Set<EventType>([
  'REGISTERED',
  'RESENT',
  'SENT',
  'DEFERRED',
  'BOUNCED',
  'REJECTED',
  'VERIFIED',
  'MISSED',
  'BURNED',
  'REPLACED',
  'REVOKED',
  'EXPIRED',
  'MISSES_HIGH',
  'REGISTRATIONS_LIMITED',
  'WEBHOOK_DISABLED',
])

/** The error of an input field. `rule` goes on after its name, such as `must be …`. */
export function invalid(field: string, rule: string): InputError {
  return new InputError('BAD_USER_INPUT', `${field} ${rule}`, { field })
}

/**
 * Every webhook call of a tenant's key is about that tenant.
 * @param asked absent: its own
 * @throws {ForbiddenError} when it is another one.
 */
export function checkTenant(own: string, asked: string | null | undefined): void {
  if ((asked ?? own) !== own)
    throw new ForbiddenError('FORBIDDEN', 'This API key has to do with webhooks of its own tenant only.')
}

/** @throws {InputError} when a change was made from another version than the current one. */
export function checkVersion(current: number, ifVersion: number | null | undefined): void {
  if ((ifVersion ?? current) === current) return
  throw new InputError('BAD_USER_INPUT', `Somebody changed it meanwhile: it has version ${current} now.`, {
    field: 'ifVersion',
    currentVersion: current,
  })
}

/** Only these hosts can exist, though a URL allows more. */
const HOST = /^(?:(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?|\[[0-9a-f:]+\])$/

/**
 * @returns the URL as the service stores it
 * @throws {InputError} as the service answers one that it does not take; so do the functions below.
 */
export function readUrl(text: string): string {
  const trimmed = text.trim()
  const url = trimmed.length <= 2048 && URL.canParse(trimmed) ? new URL(trimmed) : undefined
  const isPlain = url !== undefined && `${url.username}${url.password}${url.hash}` === ''
  if (!isPlain || !/^https?:$/.test(url.protocol) || !HOST.test(url.hostname))
    throw invalid(
      'url',
      'must be a URL of https with at most 2,048 characters, without user, password or fragment; it must have a DNS name or an IP address as its host.',
    )
  return url.href
}

/** @returns the description as the service stores it; null: none */
export function readDescription(text: string | null): string | null {
  const line = text?.trim()
  if (line === undefined) return null
  if (!/^(?:[^\p{C}\p{Zl}\p{Zp}]|[\u200c\u200d]){1,80}$/u.test(line))
    throw invalid('description', 'must be one line of 1 to 80 characters.')
  return line
}

/** @returns each type once; null: all of them */
export function readTypes(types: readonly EventType[] | null): readonly EventType[] | null {
  if (types === null) return null
  if (types.length === 0 || !types.every((type) => TYPES.has(type)))
    throw invalid(
      'eventTypes',
      'must be types of events of identities or of the tenant, not of what admins do.',
    )
  return [...new Set(types)]
}

/** @returns the time in ms when the secret before stops to sign; undefined: at once */
export function readOverlap(seconds: number, now: number): number | undefined {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 2_592_000)
    throw invalid('overlapSeconds', 'must be 0 to 2,592,000 seconds.')
  return seconds === 0 ? undefined : now + seconds * 1000
}

/** Ids of events, as the fake and as the service write them. */
const EVENT_ID = /^(?:\d{1,15}|[0-9a-f]{12}-[0-9a-f]{8}-[a-z0-9*.-]{1,50})$/

/** @returns ids, or since when in ms */
export function readReplay({ eventIds, failedSince }: ReplayWebhookEventsInput): readonly string[] | number {
  if ((eventIds ?? undefined) === undefined ? !failedSince : failedSince)
    throw invalid('failedSince', 'or eventIds is needed, not both.')
  if (failedSince) {
    const since = Date.parse(failedSince)
    if (Number.isNaN(since)) throw invalid('failedSince', 'must be a time of ISO 8601.')
    return since
  }
  const ids = [...new Set(eventIds)]
  if (ids.length === 0 || ids.length > 50 || !ids.every((id) => EVENT_ID.test(id)))
    throw invalid('eventIds', 'must be the ids of 1 to 50 events.')
  return ids
}

/** Checks the bounds of a page of attempts. */
export function readPage(first: number, after: string | undefined): void {
  if (!Number.isInteger(first) || first < 1 || first > 200) throw invalid('first', 'must be 1 to 200.')
  if (after !== undefined && !/^\d{1,16}-\d{1,20}$/.test(after))
    throw invalid('after', 'must be the `endCursor` of a page, or the cursor of an edge.')
}
