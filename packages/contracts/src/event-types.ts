// Without zod, so that the CLI loads none when it starts.

/**
 * Events of an identity. registered: its number was generated. resent: the same number was mailed again.
 * sent: the SMTP server accepted the mail. deferred: the mail waits in the queue. bounced: an accepted mail
 * came back. missed: a wrong number, with the identity that it named. The last event is one of: verified,
 * replaced (the address registered again), rejected (its mail was refused for good), burned (too many wrong
 * tries), revoked, expired.
 */
export const IDENTITY_EVENT_TYPES = [
  'registered',
  'resent',
  'sent',
  'deferred',
  'bounced',
  'rejected',
  'verified',
  'missed',
  'burned',
  'replaced',
  'revoked',
  'expired',
] as const

/**
 * Events of a whole tenant, each recorded once in its window. misses.high: half of an hour's miss budget was
 * used. registrations.limited: the tenant's rate of registrations was reached. webhook.disabled, recorded
 * each time: an endpoint gets no more events, because every call failed for days or it answered 410.
 */
export const TENANT_EVENT_TYPES = ['misses.high', 'registrations.limited', 'webhook.disabled'] as const

/** Acts of admins. The audit log keeps them for 400 days. */
export const ADMIN_EVENT_TYPES = [
  'tenant.created',
  'tenant.updated',
  'tenant.risk-changed',
  'tenant.mail-changed',
  'tenant.disabled',
  'tenant.enabled',
  'tenant.deleted',
  'key.created',
  'key.rotated',
  'key.revoked',
  'identity.revoked',
  'session.created',
  'session.revoked',
  'passkey.created',
  'passkey.renamed',
  'passkey.removed',
  'mail.tested',
  'messages.retried',
  'message.dropped',
  'suppression.added',
  'suppression.cleared',
  'webhook.created',
  'webhook.updated',
  'webhook.secret-rotated',
  'webhook.deleted',
  'webhook.replayed',
  'webhook.tested',
] as const

/** All types of events. */
export const EVENT_TYPES = [...IDENTITY_EVENT_TYPES, ...TENANT_EVENT_TYPES, ...ADMIN_EVENT_TYPES] as const

/** What a webhook can be about. What admins do stays in the audit log. */
export const WEBHOOK_EVENT_TYPES = [...IDENTITY_EVENT_TYPES, ...TENANT_EVENT_TYPES] as const

/** The counters: each kind of event of an identity, and calls that a limit refused. */
export const COUNTERS = [...IDENTITY_EVENT_TYPES, 'limited'] as const
