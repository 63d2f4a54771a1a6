import { randomBytes } from 'node:crypto'
import {
  type CreatedSession,
  SESSION_IDLE_SECONDS,
  SESSIONS_PER_ADMIN,
  type Session,
  type SessionAuthenticateRequest,
  type SessionList,
} from '@emailauth/contracts/sessions'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { constantTimeEqual, digest, hashSecret } from '@emailauth/secrets/digest'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { keys } from '../store/keys.ts'
import { type ListPosition, newestPage } from '../store/newest-page.ts'
import { type ReplicaPolicy, withReplicas } from '../store/replicas.ts'
import { scripts } from '../store/scripts.ts'
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
/** A session is listed before it is written. It is written within this time, or not at all. */
const LISTED_AHEAD_MS = 60_000

export interface SessionStoreOptions {
  readonly redis: RedisConnection
  readonly ring: KeyRing
  /**
   * Replicas that must have a change before it is acknowledged, so that no failover restores an ended
   * session.
   */
  readonly replicas: ReplicaPolicy
  /** The time of Redis in Unix milliseconds. */
  readonly now: () => number
}

export function createSessionStore({ redis, ring, replicas, now }: SessionStoreOptions): SessionStore {
  const read = async (id: string) => {
    const sealed = await redis.getBuffer(keys.session(id))
    return sealed === null ? undefined : openSession(ring, id, sealed)
  }

  const shown = (id: string, stored: StoredSession, leftMs: number) => toSession(id, stored, now() + leftMs)

  const get = async (id: string) => {
    const [stored, leftMs] = await Promise.all([read(id), redis.pttl(keys.session(id))])
    return stored === undefined || leftMs <= 0 ? undefined : shown(id, stored, leftMs)
  }

  const listOf = ({ email }: StoredSession) => keys.sessionsOf(digestOf(ring, email))

  const revoke = async (id: string) => {
    // A newer version may have written it. Then it ends all the same, and stays on the list a while.
    const stored = await read(id).catch(() => undefined)
    const removed = await withReplicas(redis, keys.session(id), replicas, () => redis.del(keys.session(id)))
    await redis.zrem(keys.sessions, id)
    if (stored !== undefined) await redis.zrem(listOf(stored), id)
    return removed > 0
  }

  /** Ids of a list whose sessions have expired. One that was listed just now may not be written yet. */
  const expiredIn = async (list: string) => {
    const ids = await redis.zrange(list, '-inf', String(now() - LISTED_AHEAD_MS), 'BYSCORE')
    const lives = await Promise.all(ids.map((id) => redis.exists(keys.session(id))))
    return ids.filter((_, at) => lives[at] !== 1)
  }

  /**
   * Puts a new session on the list of its admin. What is too many then ends.
   * @returns the ids of those that lived
   */
  const admit = async (list: string, id: string, beganAt: number) => {
    const ended = await expiredIn(list)
    const over = await scripts.sessionAdmit(redis, [list], {
      id,
      beganAt,
      oldest: beganAt - MAX_MS,
      most: SESSIONS_PER_ADMIN,
      keptMs: MAX_MS,
      each: ended.map((each) => ({ ended: each })),
    })
    const lived = await Promise.all(over.map(revoke))
    return over.filter((_, at) => lived[at])
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
      // Write the lists first, because nobody could revoke a session that no list names.
      const { createdAtMs } = stored
      await redis.zadd(keys.sessions, createdAtMs, id)
      await redis.zremrangebyscore(keys.sessions, '-inf', String(createdAtMs - MAX_MS))
      await redis.pexpire(keys.sessions, MAX_MS)
      const ended = await admit(listOf(stored), id, createdAtMs)
      await redis.set(keys.session(id), sealSession(ring, id, stored), 'PX', IDLE_MS)
      // As many as an admin may have began since it was listed, and one of them has ended it.
      if ((await redis.zscore(listOf(stored), id)) === null) await revoke(id)
      return { session: shown(id, stored, IDLE_MS), secret, ended }
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
