import { randomBytes } from 'node:crypto'
import {
  type CreatedSession,
  SESSION_IDLE_SECONDS,
  SESSION_MAX_SECONDS,
  type Session,
  type SessionAuthenticateRequest,
} from '@emailauth/contracts/sessions'
import type { RedisConnection } from '@emailauth/redis/connect'
import { readJsonRecord, writeJsonRecord } from '@emailauth/redis/json-record'
import { constantTimeEqual, hashSecret } from '@emailauth/secrets/digest'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { type SealContext, seal, UnsealError, unseal } from '@emailauth/secrets/seal'
import { keys } from '../store/keys.ts'
import { type ReplicaPolicy, withReplicas } from '../store/replicas.ts'

/** Sessions of admins. The secret is stored as a hash, the address sealed. Redis expires them. */
export interface SessionStore {
  create(email: string, passkeyId: string | null): Promise<CreatedSession>
  /**
   * The session with this id and secret. Its idle time-out begins again ({@link SESSION_IDLE_SECONDS}), but
   * not with `keepAlive: false`.
   */
  authenticate(request: SessionAuthenticateRequest): Promise<Session | undefined>
  /** One session. This does not keep it alive. */
  get(sessionId: string): Promise<Session | undefined>
  /** Ends a session; false when there is none. */
  revoke(sessionId: string): Promise<boolean>
  /** Live sessions, newest first. */
  list(): Promise<Session[]>
}

interface StoredSession {
  readonly email: string
  readonly createdAtMs: number
  readonly secretDigest: string
  readonly passkeyId: string | null
}

const FORMAT = 1
/** @throws {Error} when a newer version wrote it. */
const open = (json: string) => readJsonRecord(json, FORMAT, 'session') as unknown as StoredSession

const IDLE_MS = SESSION_IDLE_SECONDS * 1000
const MAX_MS = SESSION_MAX_SECONDS * 1000

export interface SessionStoreOptions {
  readonly redis: RedisConnection
  readonly ring: KeyRing
  /**
   * Replicas that must have a change before it is acknowledged, so that no failover restores an ended
   * session.
   */
  readonly replicas: ReplicaPolicy
  readonly now?: (() => number) | undefined
}

export function createSessionStore({
  redis,
  ring,
  replicas,
  now = Date.now,
}: SessionStoreOptions): SessionStore {
  const read = async (id: string) => {
    const sealed = await redis.getBuffer(keys.session(id))
    if (sealed === null) return undefined
    try {
      return open(unseal(ring, sealContextOf(id), sealed))
    } catch (error) {
      // Its key has left the ring, so the session is lost.
      if (error instanceof UnsealError) return undefined
      throw error
    }
  }

  const shown = (id: string, { email, createdAtMs, passkeyId }: StoredSession, leftMs: number): Session => ({
    id,
    email,
    createdAt: new Date(createdAtMs).toISOString(),
    expiresAt: new Date(createdAtMs + MAX_MS).toISOString(),
    idleExpiresAt: new Date(now() + leftMs).toISOString(),
    passkeyId,
  })

  const get = async (id: string) => {
    const [stored, leftMs] = await Promise.all([read(id), redis.pttl(keys.session(id))])
    return stored === undefined || leftMs <= 0 ? undefined : shown(id, stored, leftMs)
  }

  return {
    async create(email, passkeyId) {
      const id = randomBytes(8).toString('hex')
      const secret = randomBytes(32).toString('base64url')
      const stored: StoredSession = {
        email,
        createdAtMs: now(),
        secretDigest: hashSecret(secret),
        passkeyId,
      }
      // Write the list first, because nobody could revoke a session that no list names.
      await redis.zadd(keys.sessions, stored.createdAtMs, id)
      await redis.pexpire(keys.sessions, MAX_MS)
      await redis.set(
        keys.session(id),
        seal(ring, sealContextOf(id), writeJsonRecord(FORMAT, stored)),
        'PX',
        IDLE_MS,
      )
      return { session: shown(id, stored, IDLE_MS), secret }
    },

    async authenticate({ sessionId: id, secretDigest, keepAlive = true }) {
      const stored = await read(id)
      if (stored === undefined || !constantTimeEqual(secretDigest, stored.secretDigest)) return undefined
      if (!keepAlive) {
        const idleMs = await redis.pttl(keys.session(id))
        return idleMs <= 0 ? undefined : shown(id, stored, idleMs)
      }
      const leftMs = Math.min(IDLE_MS, stored.createdAtMs + MAX_MS - now())
      // It may have been revoked since it was read. PEXPIRE does not bring it back.
      if (leftMs <= 0 || (await redis.pexpire(keys.session(id), leftMs)) === 0) return undefined
      return shown(id, stored, leftMs)
    },

    get,

    async revoke(id) {
      const removed = await withReplicas(redis, keys.session(id), replicas, () => redis.del(keys.session(id)))
      await redis.zrem(keys.sessions, id)
      return removed > 0
    },

    async list() {
      const ids = await redis.zrevrange(keys.sessions, 0, -1)
      const found = await Promise.all(ids.map(get))
      const gone = ids.filter((_, at) => found[at] === undefined)
      if (gone.length > 0) await redis.zrem(keys.sessions, ...gone)
      return found.filter((session) => session !== undefined)
    },
  }
}

function sealContextOf(id: string): SealContext {
  return { purpose: 'session', additionalData: `session:${id}` }
}
