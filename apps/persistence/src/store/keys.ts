/** All our keys begin with this, so that an ACL can restrict a Redis user to them. */
const PREFIX = 'ea:'

/**
 * Prefix of all keys of a tenant's partition. The braces put them into one hash slot. lua/lib/partition.lua
 * lists the suffixes. It has two hex digits, because CRC-16 spreads names evenly over the slots only when
 * they have one length.
 */
export function keyPrefix(tenantId: string, partition: number): string {
  return `${PREFIX}{${tenantId}:${partition.toString(16).padStart(2, '0')}}:`
}

/** Matches all keys of a tenant and no others. A tenant id has no character that is special in a pattern. */
export function tenantKeysPattern(tenantId: string): string {
  return `${PREFIX}{${tenantId}:*`
}

/** Keys outside the partitions. Most of them have no expiry, because they hold no identity. */
export const keys = {
  meta: `${PREFIX}meta`,
  /** Written by `/readyz`. It expires. The braces bring it under the rules of the Redis user. */
  readiness: `${PREFIX}{ready}`,
  /** Partitions that have work at some time (lua/rules/due-announce.lua). */
  due: `${PREFIX}{due}`,
  tenant: (id: string) => `${PREFIX}tenant:${id}`,
  tenants: `${PREFIX}tenants`,
  /** A short stream: where something has happened (lua/rules/notify.lua). It expires. */
  notifications: `${PREFIX}{notifications}`,
  /** The lock of the process that migrates the store, and how far each migration is (migrations/). */
  migrations: [`${PREFIX}{migrations}:lock`, `${PREFIX}{migrations}:progress`] as const,
  /** Tenants that are being deleted, by when that began. */
  deleting: `${PREFIX}{deleting}`,
  apiKey: (id: string) => `${PREFIX}key:${id}`,
  apiKeys: (owner: string) => `${PREFIX}keys:${owner}`,
  /** The ids of the keys that were created with this one. */
  apiKeysMadeWith: (id: string) => `${PREFIX}keys-made-with:${id}`,
  /** When each API key was last used, by its id. */
  apiKeysUsed: `${PREFIX}keys-used`,
  /** The lane of an actor: a capped stream and its head. The braces put them into one hash slot. */
  auditLog: (lane: string) => `${PREFIX}audit:{${lane}}:log`,
  auditHead: (lane: string) => `${PREFIX}audit:{${lane}}:head`,
  auditLanes: `${PREFIX}audit:lanes`,
  /** Counts acts. It expires with its window. */
  auditRate: (of: string) => `${PREFIX}audit:rate:${of}`,
  /** These three expire with their sessions. */
  session: (id: string) => `${PREFIX}session:${id}`,
  sessionsOf: (addressDigest: string) => `${PREFIX}session:of:${addressDigest}`,
  sessions: `${PREFIX}sessions`,
  /**
   * A sign-in by mail. Each key has its own expiry. The braces put those of an address into one hash slot.
   */
  signInTicket: (address: string, ticket: string) => `${PREFIX}sign-in:{${address}}:t:${ticket}`,
  signInLog: (address: string, budget: string) => `${PREFIX}sign-in:{${address}}:l:${budget}`,
  /** Passkeys of admins, and the set of their ids. */
  passkey: (id: string) => `${PREFIX}passkey:${id}`,
  passkeys: `${PREFIX}passkeys`,
  /**
   * The same set, and ids of passkeys that are being removed (lua/rules/passkey-retire.lua), which expire.
   * The braces put the second key into the hash slot of the first one.
   */
  passkeysRetired: [`${PREFIX}passkeys`, `${PREFIX}{${PREFIX}passkeys}:retired`] as const,
  /** Ids of passkeys that were added to an admin lately (lua/rules/passkey-reserve.lua). It expires. */
  passkeysAdded: (addressDigest: string) => `${PREFIX}passkey:added:${addressDigest}`,
  /**
   * Tenants with webhook endpoints, by when one was last made; and endpoints that are gone, for the mailer.
   */
  webhookTenants: `${PREFIX}webhooks:tenants`,
  webhooksDeleted: `${PREFIX}webhooks:deleted`,
  /** A tenant's webhook endpoints by id. These begin as all keys of a tenant do, so that they go with it. */
  webhooks: (tenantId: string) => `${PREFIX}{${tenantId}:webhooks}:endpoints`,
  /** The same, versions that the mailer does not have yet, and the outbox; in one hash slot. */
  webhookKeys: (tenantId: string) => {
    const prefix = `${PREFIX}{${tenantId}:webhooks}:`
    return [`${prefix}endpoints`, `${prefix}changes`, `${prefix}outbox`] as const
  },
  /** A used challenge. It expires. */
  passkeyChallenge: (digest: string) => `${PREFIX}challenge:${digest}`,
}
