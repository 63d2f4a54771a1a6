import { randomBytes } from 'node:crypto'
import {
  type CreatedSession,
  SESSION_IDLE_SECONDS,
  SESSIONS_PER_ADMIN,
  type Session,
  type SessionAuthenticateRequest,
  type SessionList,
} from '@emailauth/contracts/sessions'
import type { RedisConnection } from '@emailauth/redis/connect'
import { constantTimeEqual, digest, hashSecret } from '@emailauth/secrets/digest'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { keys } from '../store/keys.ts'
import { type ListPosition, newestPage } from '../store/newest-page.ts'
import { type ReplicaPolicy, withReplicas } from '../store/replicas.ts'
import { endOf, MAX_MS, openSession, type StoredSession, sealSession, toSession } from './session-record.ts'

/** Sessions of admins. Redis expires them. */
export interface SessionStore {
  /** `ended`: ids of the admin's oldest sessions, which were too many with this one. */
  create(email: string, passkeyId: string | null): Promise<CreatedSession & { readonly ended: string[] }>
  /**
   * The session with this id and secret. Its idle time-out begins again ({@link SESSION_IDLE_SECONDS}), but
   * not with `keepAlive: false`.
   */
  authenticate(request: SessionAuthenticateRequest): Promise<Session | undefined>
  /** One session. This does not keep it alive. */
  get(sessionId: string): Promise<Session | undefined>
  /** Whether it is over, or none has this id. */
  hasEnded(sessionId: string): Promise<boolean>
  /** Ends a session; false when there is none. */
  revoke(sessionId: string): Promise<boolean>
  /** Live sessions, newest first. */
  page(options: SessionPageOptions): Promise<SessionList>
}

interface SessionPageOptions {
  readonly first: number
  readonly after?: ListPosition | undefined
}

const IDLE_MS = SESSION_IDLE_SECONDS * 1000

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
    return sealed === null ? undefined : openSession(ring, id, sealed)
  }

  const shown = (id: string, stored: StoredSession, leftMs: number) => toSession(id, stored, now() + leftMs)

  const get = async (id: string) => {
    const [stored, leftMs] = await Promise.all([read(id), redis.pttl(keys.session(id))])
    return stored === undefined || leftMs <= 0 ? undefined : shown(id, stored, leftMs)
  }

  const revoke = async (id: string) => {
    const removed = await withReplicas(redis, keys.session(id), replicas, () => redis.del(keys.session(id)))
    await redis.zrem(keys.sessions, id)
    return removed > 0
  }

  /** Ends the oldest live sessions of a list beyond {@link SESSIONS_PER_ADMIN}. */
  const endOldest = async (list: string) => {
    const ids = await redis.zrange(list, '0', '-1')
    if (ids.length <= SESSIONS_PER_ADMIN) return []
    const lives = await Promise.all(ids.map((id) => redis.exists(keys.session(id))))
    const over = ids.filter((_, at) => lives[at] === 1).slice(0, -SESSIONS_PER_ADMIN)
    await Promise.all(over.map(revoke))
    // The newest ids stay: one that does not live yet may be about to.
    const old = ids.slice(0, -SESSIONS_PER_ADMIN)
    const dropped = old.filter((id, at) => lives[at] !== 1 || over.includes(id))
    if (dropped.length > 0) await redis.zrem(list, ...dropped)
    return over
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
      const mine = keys.sessionsOf(digestOf(ring, email))
      for (const list of [keys.sessions, mine]) {
        await redis.zadd(list, stored.createdAtMs, id)
        await redis.zremrangebyscore(list, '-inf', String(stored.createdAtMs - MAX_MS))
        await redis.pexpire(list, MAX_MS)
      }
      await redis.set(keys.session(id), sealSession(ring, id, stored), 'PX', IDLE_MS)
      return { session: shown(id, stored, IDLE_MS), secret, ended: await endOldest(mine) }
    },

    async authenticate({ sessionId: id, secretDigest, keepAlive = true }) {
      const stored = await read(id)
      if (stored === undefined || !constantTimeEqual(secretDigest, stored.secretDigest)) return undefined
      if (!keepAlive) {
        const idleMs = await redis.pttl(keys.session(id))
        return idleMs <= 0 ? undefined : shown(id, stored, idleMs)
      }
      const leftMs = Math.min(IDLE_MS, endOf(stored) - now())
      // The session may have been revoked since it was read. PEXPIRE does not bring it back.
      if (leftMs <= 0 || (await redis.pexpire(keys.session(id), leftMs)) === 0) return undefined
      return shown(id, stored, leftMs)
    },

    get,

    hasEnded: async (id) => (await get(id)) === undefined,

    revoke,

    async page({ first, after }) {
      const { items, hasNextPage } = await newestPage(redis, {
        list: keys.sessions,
        first,
        after,
        read: (ids) => Promise.all(ids.map(get)),
      })
      return { sessions: items, hasNextPage }
    },
  }
}

const digestOf = (ring: KeyRing, email: string) =>
  digest(ring.keys[0], 'address', `session\n${email}`, 16).toString('hex')
