import type { Actor, AdminEventType, CallingActor, EventChange } from '@emailauth/contracts/events'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { seal, UnsealError, unseal } from '@emailauth/secrets/seal'
import { ACTS, type Notifications } from '../store/notifications.ts'
import { countAct } from './act-rate.ts'
import { withoutSession } from './actor-of.ts'
import { createAuditAppends } from './audit-appends.ts'
import { type RawFields, stateOf } from './audit-chain.ts'
import { AUDIT_AGE_MS, laneOf } from './audit-lanes.ts'
import { type ActorEnds, requireLiveActor } from './live-actor.ts'

/** An act of an admin, or of a tenant's API key on its webhook endpoints. */
export interface AdminAct {
  readonly type: AdminEventType
  readonly actor: CallingActor
  /** null: it concerns no tenant. */
  readonly tenantId: string | null
  /** The id of the object that it changes. */
  readonly target: string
  /** The address that it concerns. It is sealed together with the actor. */
  readonly email?: string | undefined
  /** What it changes of a tenant. It is sealed too. */
  readonly changes?: readonly EventChange[] | undefined
}

/** An act with its lane and its number there, for a log line. */
export type NumberedAct = AdminAct & { readonly lane: string; readonly entry: number }

/** The acts of admins, kept for 400 days. Of one actor about the newest 100,000 are kept. */
export interface Audit {
  /**
   * Records an act. Call it before the act takes effect, so that every act has an entry. An act that fails
   * afterwards has an entry too.
   * @throws {ProblemError} `rate-limited` when this actor has reached its limit, `conflict` when it is an API
   * key or a session that has ended. Then nothing was written.
   */
  record(act: AdminAct): Promise<void>
  /** @throws {ProblemError} `conflict` when the actor is an API key or a session that has ended. */
  requireLive(actor: CallingActor): Promise<void>
}

interface AuditOptions {
  readonly redis: RedisConnection
  readonly ring: KeyRing
  /** Derives the names of lanes from actors. It must never change. */
  readonly laneKey: Buffer
  /** The tenant that an API key is for. undefined: it is an admin key, or there is none with this id. */
  readonly tenantOfKey: (keyId: string) => Promise<string | undefined>
  readonly actorEnds: ActorEnds
  /** How long entries are kept. */
  readonly ageMs?: number
  readonly notifications?: Pick<Notifications, 'notify'>
  /** Called with each recorded act. */
  readonly onAct?: ((act: NumberedAct) => void) | undefined
}

const SEAL_CONTEXT = { purpose: 'audit', additionalData: 'audit' } as const

export function createAudit(options: AuditOptions): Audit {
  const { redis, ring, laneKey, ageMs = AUDIT_AGE_MS, notifications, onAct } = options
  const append = createAuditAppends({ redis, ring, ageMs })
  const requireLive = (actor: CallingActor) => requireLiveActor(actor, options.actorEnds)

  return {
    requireLive,

    async record(act) {
      const { type, tenantId, target, email, changes } = act
      if (!mayHaveEnded(act)) await requireLive(act.actor)
      const actor = withoutSession(act.actor)
      const tenantOfKey = actor.kind === 'api-key' ? await options.tenantOfKey(actor.id) : undefined
      await countAct(redis, actor, type, tenantOfKey)
      const d = seal(ring, SEAL_CONTEXT, JSON.stringify({ actor, email, changes }))
      const lane = await laneOf(redis, laneKey, { actor, tenantOfKey })
      const entry = await append(lane, { k: type, t: tenantId ?? '', g: target, d })
      notifications?.notify(ACTS)
      onAct?.({ ...act, actor, lane, entry })
    },
  }
}

/**
 * A key that revokes itself with all that it made has ended when it revokes these. A session that is ended
 * twice has ended at the second time.
 */
function mayHaveEnded({ type, actor, target }: AdminAct): boolean {
  return type === 'key.revoked' || (type === 'session.revoked' && target === actor.sessionId)
}

interface SealedAct {
  readonly actor: Actor | null
  readonly email: string | null
  readonly changes: EventChange[] | null
}

const UNREADABLE: SealedAct = { actor: null, email: null, changes: null }

/** Opens the sealed part of an entry. All of it is null when it was altered or its key has left the ring. */
export function openAct(ring: KeyRing, lane: string, fields: RawFields): SealedAct {
  if (stateOf(ring, lane, fields) !== 'genuine') return UNREADABLE
  try {
    const sealed = fields.get('d') ?? Buffer.alloc(0)
    const {
      actor,
      email = null,
      changes = null,
    } = JSON.parse(unseal(ring, SEAL_CONTEXT, sealed)) as SealedAct
    return { actor, email, changes }
  } catch (error) {
    if (error instanceof UnsealError) return UNREADABLE
    throw error
  }
}
