import { cutText, oneLine } from '@emailauth/contracts/cut-text'
import { readReportedAddress } from '@emailauth/contracts/reported-address'
import type {
  NewSuppression,
  SuppressionAddReply,
  SuppressionAddRequest,
} from '@emailauth/contracts/suppressions'
import { ADMIN_TENANT } from '@emailauth/contracts/tenants'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { orUnavailable } from '../message-state/or-unavailable.ts'
import type { SuppressedAddress } from './suppressed-address.ts'
import type { Suppressions } from './suppression-store.ts'

const REASON = 'added by an admin'
/** As much as is kept of a server's reply. */
const REASON_MAX_LENGTH = 300
const NO_ADDRESS = 'This is no email address.'
const FULL = 'The list has its most entries; clear some first.'

/** Puts addresses on a list, and names each that was refused. */
export type AddSuppressions = (request: SuppressionAddRequest) => Promise<SuppressionAddReply>

export function createAddSuppressions(
  suppressions: Pick<Suppressions, 'addNew'>,
  now: () => number,
): AddSuppressions {
  return async ({ tenantId, addresses }) => {
    if (tenantId === ADMIN_TENANT)
      throw new ProblemError('bad-input', 'Addresses of the admins are never suppressed.', {
        field: 'tenantId',
      })
    const read = addresses.map((address) => readEntry(address, now()))
    const entries = read.filter((entry) => entry !== undefined)
    const outcomes = entries.length === 0 ? [] : await orUnavailable(suppressions.addNew(tenantId, entries))
    const outcomeOf = new Map(entries.map((entry, i) => [entry, outcomes[i]]))
    const refused = read.flatMap((entry, index) => {
      if (entry === undefined) return { index, detail: NO_ADDRESS }
      return outcomeOf.get(entry) === 'full' ? { index, detail: FULL } : []
    })
    const count = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length
    return { added: count('added'), known: count('known'), refused }
  }
}

function readEntry(given: NewSuppression, nowMs: number): SuppressedAddress | undefined {
  const [address] = readReportedAddress(given.email)
  if (address === undefined) return undefined
  const reason = oneLine(given.reason ?? '')
  const sinceMs = given.suppressedAt === undefined ? nowMs : Date.parse(given.suppressedAt)
  return {
    email: address.email,
    reason: reason === '' ? REASON : cutText(reason, REASON_MAX_LENGTH),
    suppressedAtMs: Math.max(0, Math.min(sinceMs, nowMs)),
  }
}
