import type { Caller } from './caller.ts'

/**
 * Who shares what a caller may use. A tenant may have any number of keys, so they count together; each admin
 * key and each session counts by itself.
 */
export interface Owner {
  readonly kind: 'tenant' | 'key' | 'session'
  readonly id: string
}

export function ownerOf({ apiKeyId, tenantId, session }: Caller): Owner {
  if (session !== undefined) return { kind: 'session', id: session.id }
  return tenantId === undefined ? { kind: 'key', id: apiKeyId } : { kind: 'tenant', id: tenantId }
}

export const nameOf = ({ kind, id }: Owner): string => `${kind} ${id}`
