import type { AdminEventType } from '@emailauth/contracts/events'
import type { NumberedAct } from './audit.ts'

/** Acts that end something, of which `target` is the id. It is no text that people typed. */
const ENDING: ReadonlySet<AdminEventType> = new Set([
  'key.revoked',
  'key.rotated',
  'passkey.removed',
  'session.revoked',
  'webhook.deleted',
])

/**
 * The log line of an act. It has no address and no text that people typed. Its number leads to the entry. It
 * names what ended, because a restored backup brings that back and has no entry of it.
 */
export function actLine({ lane, entry, type, tenantId, actor, target }: NumberedAct): object {
  const by = actor.kind === 'api-key' ? actor.id : actor.kind
  return { lane, entry, type, tenantId, by, ...(ENDING.has(type) && { target }) }
}
