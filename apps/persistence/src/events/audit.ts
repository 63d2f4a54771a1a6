import type { Actor, AdminEventType } from '@emailauth/contracts/events'
import type { RedisConnection } from '@emailauth/redis/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { seal, UnsealError, unseal } from '@emailauth/secrets/seal'
import { keys } from '../store/keys.ts'

/** What an admin does. */
export interface AdminAct {
  readonly type: AdminEventType
  readonly actor: Actor
  /** null: it is about no tenant. */
  readonly tenantId: string | null
  /** The id of what it is done to. */
  readonly target: string
}

/** The log of what admins do. It does not expire; the oldest entries make room for new ones. */
export interface Audit {
  /**
   * Writes an act down; call it before the act takes effect. So no act is without an entry; one that fails afterwards has an entry too.
   */
  record(act: AdminAct): Promise<void>
}

const MOST_ACTS = 100_000
const PLACE = { purpose: 'audit', place: 'audit' } as const

export function createAudit(redis: RedisConnection, ring: KeyRing): Audit {
  return {
    async record({ type, actor, tenantId, target }) {
      const sealed = seal(ring, PLACE, JSON.stringify({ actor }))
      const fields = ['k', type, 't', tenantId ?? '', 'g', target, 'd', sealed]
      await redis.xadd(keys.audit, 'MAXLEN', '~', MOST_ACTS, '*', ...fields)
    },
  }
}

/** The actor of an entry; null when it was sealed with a key that has left the ring. */
export function openActor(ring: KeyRing, sealed: Buffer): Actor | null {
  try {
    return (JSON.parse(unseal(ring, PLACE, sealed)) as { actor: Actor }).actor
  } catch (error) {
    if (error instanceof UnsealError) return null
    throw error
  }
}
