import type { RedisConnection } from '@emailauth/redis/connect'

/** Everything of ours begins with this, so that an ACL user can be held to it. */
const PREFIX = 'ea:'

/**
 * Prefix of all keys of a tenant's partition; the braces make it one hash slot. Suffixes: lib/partition.lua.
 * Two hex digits, because CRC-16 spreads names evenly over the slots only when they have one length.
 */
export function keyPrefix(tenantId: string, partition: number): string {
  return `${PREFIX}{${tenantId}:${partition.toString(16).padStart(2, '0')}}:`
}

/** Matches all keys of a tenant and no other. An id has no character with a meaning in a pattern. */
export function tenantKeysPattern(tenantId: string): string {
  return `${PREFIX}{${tenantId}:*`
}

/** What holds no identity, and so needs no expiry: store metadata, tenants, API keys. */
export const keys = {
  meta: `${PREFIX}meta`,
  tenant: (id: string) => `${PREFIX}tenant:${id}`,
  tenants: `${PREFIX}tenants`,
  apiKey: (id: string) => `${PREFIX}key:${id}`,
  apiKeys: (owner: string) => `${PREFIX}keys:${owner}`,
  /** The ids of the keys that were made with this one. */
  apiKeysMadeWith: (id: string) => `${PREFIX}keys-made-with:${id}`,
  /** When each API key was last used, by its id. */
  apiKeysUsed: `${PREFIX}keys-used`,
  /** What one actor did: a capped stream, and its head. The braces make them one hash slot. */
  auditLog: (lane: string) => `${PREFIX}audit:{${lane}}:log`,
  auditHead: (lane: string) => `${PREFIX}audit:{${lane}}:head`,
  auditLanes: `${PREFIX}audit:lanes`,
  /** Counts acts; expires with its window. */
  auditRate: (of: string) => `${PREFIX}audit:rate:${of}`,
  /** These two expire with the session. */
  session: (id: string) => `${PREFIX}session:${id}`,
  sessions: `${PREFIX}sessions`,
  /** What a sign-in by mail needs, each with its own expiry; the braces make it one hash slot for an address. */
  signInTicket: (address: string, ticket: string) => `${PREFIX}sign-in:{${address}}:t:${ticket}`,
  signInLog: (address: string, budget: string) => `${PREFIX}sign-in:{${address}}:l:${budget}`,
  /** Passkeys of admins, and the set of their ids. */
  passkey: (id: string) => `${PREFIX}passkey:${id}`,
  passkeys: `${PREFIX}passkeys`,
  /** A challenge that was used; it expires. */
  passkeyChallenge: (digest: string) => `${PREFIX}challenge:${digest}`,
}

/** Asks Redis whether it is there, and takes writes. */
export async function ping(redis: RedisConnection): Promise<void> {
  await redis.ping()
}
