import type { Tone } from '../../components/state-badge.tsx'
import type { EventType } from '../../generated/graphql.ts'

/** Groups of event types, as admins look for them. */
export const GROUPS = {
  numbers: [
    'REGISTERED',
    'RESENT',
    'VERIFIED',
    'MISSED',
    'BURNED',
    'REPLACED',
    'REVOKED',
    'EXPIRED',
    'MISSES_HIGH',
    'REGISTRATIONS_LIMITED',
  ],
  mail: ['SENT', 'DEFERRED', 'REJECTED', 'BOUNCED'],
  admins: [
    'SESSION_CREATED',
    'SESSION_REVOKED',
    'PASSKEY_CREATED',
    'PASSKEY_RENAMED',
    'PASSKEY_REMOVED',
    'TENANT_CREATED',
    'TENANT_UPDATED',
    'TENANT_RISK_CHANGED',
    'TENANT_MAIL_CHANGED',
    'TENANT_DISABLED',
    'TENANT_ENABLED',
    'TENANT_DELETED',
    'KEY_CREATED',
    'KEY_ROTATED',
    'KEY_REVOKED',
    'IDENTITY_REVOKED',
    'MAIL_TESTED',
    'MESSAGES_RETRIED',
    'MESSAGE_DROPPED',
    'SUPPRESSION_ADDED',
    'SUPPRESSION_CLEARED',
    'WEBHOOK_CREATED',
    'WEBHOOK_UPDATED',
    'WEBHOOK_SECRET_ROTATED',
    'WEBHOOK_DELETED',
    'WEBHOOK_REPLAYED',
    'WEBHOOK_TESTED',
    'WEBHOOK_DISABLED',
  ],
} as const satisfies Record<string, readonly EventType[]>

export type Group = keyof typeof GROUPS
/** One event type, or a whole group. */
export type Kind = Group | EventType

const isGroup = (kind: string): kind is Group => Object.hasOwn(GROUPS, kind)

export function isKind(text: string | undefined): text is Kind {
  return (
    text !== undefined && (isGroup(text) || Object.values<readonly string[]>(GROUPS).flat().includes(text))
  )
}

export function typesOf(kind: Kind): readonly EventType[] {
  return isGroup(kind) ? GROUPS[kind] : [kind]
}

const TONES: Partial<Record<EventType, Tone>> = {
  SENT: 'good',
  VERIFIED: 'good',
  DEFERRED: 'warning',
  MISSED: 'warning',
  TENANT_DISABLED: 'warning',
  TENANT_RISK_CHANGED: 'warning',
  TENANT_MAIL_CHANGED: 'warning',
  MISSES_HIGH: 'warning',
  REGISTRATIONS_LIMITED: 'warning',
  BOUNCED: 'bad',
  BURNED: 'bad',
  REJECTED: 'bad',
  TENANT_DELETED: 'bad',
  WEBHOOK_DISABLED: 'bad',
}

/** Events that no table names are neutral. */
export const toneOf = (type: EventType): Tone => TONES[type] ?? 'plain'
