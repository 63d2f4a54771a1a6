import type { Actor } from '@emailauth/contracts/events'
import { type CreatedSession, SESSION_MAX_SECONDS, sessionId } from '@emailauth/contracts/sessions'
import { hashSecret } from '@emailauth/secrets/digest'
import type { Logger } from '@emailauth/service/logging/logger'
import type { FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { actorOf, type Caller, KNOWN_MS, UNKNOWN_MS } from '../access/caller.ts'
import { type Cookies, createCookies } from '../access/cookies.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { AdminEmails } from './admin-emails.ts'

/** Identifies the admin by the browser's cookie. */
export interface Sessions {
  /**
   * The signed-in admin. Undefined without a cookie, for a request from another origin, after the session's
   * end, and when its address is no longer an admin's.
   * @throws {ProblemError} when persistence does not answer.
   */
  identify(request: FastifyRequest, options?: IdentifyOptions): Promise<Caller | undefined>
  /**
   * Gives the browser its session, and ends the one that it had. The browser forgets that one with its
   * cookie, so nobody could sign out of it.
   */
  begin(created: CreatedSession, browser: Browser): Promise<void>
  /** Forgets a session that has just ended here; other gateways learn of it within {@link KNOWN_MS}. */
  forget(id: string): void
}

/** `keepAlive: false`: the look-up does not prolong the session. Default: it does. */
export interface IdentifyOptions {
  readonly keepAlive?: boolean
}

/** The browser that signs in. */
interface Browser {
  readonly cookies: Cookies
  /** Who it was signed in as until now, if it was. */
  readonly caller: Caller | undefined
}

interface Parts {
  readonly keepAlive: boolean
  readonly sessionId: string
  readonly secretDigest: string
}
const SYSTEM: Actor = { kind: 'system', id: 'system' }
type Known = { readonly caller: Caller | undefined }

const FORM = /^([0-9a-f]{16})\.([A-Za-z0-9_-]{43})$/
/** Sessions that are cached. The one used least recently makes room. */
export const MOST_SESSIONS = 10_000

/** Caches by a digest of the secret, and asks once however many calls come from one browser. */
export function createSessions(
  persistence: Pick<Persistence, 'authenticateSession' | 'revokeSession'>,
  adminEmails: AdminEmails,
  logger: Pick<Logger, 'warn'>,
  clock: { now(): number } = performance,
): Sessions {
  const cache = new LRUCache<string, Known, Parts>({
    max: MOST_SESSIONS,
    ttl: KNOWN_MS,
    ttlResolution: 0,
    perf: clock,
    // Calls that wait for an entry get it, even if it is forgotten or evicted meanwhile.
    ignoreFetchAbort: true,
    async fetchMethod(_name, _stale, { options, context }) {
      const found = await persistence.authenticateSession(context)
      const session = found !== undefined && adminEmails.has(found.email) ? found : undefined
      // The address has left EMAILAUTH_ADMIN_EMAILS. If this fails, each later request is still refused.
      if (found !== undefined && session === undefined)
        await persistence.revokeSession(found.id, SYSTEM).catch(() => false)
      if (session === undefined) {
        options.ttl = UNKNOWN_MS
        return { caller: undefined }
      }
      const isReadOnly = adminEmails.isReadOnly(session.email)
      return { caller: { scope: 'admin', session, ...(isReadOnly && { isReadOnly }) } }
    },
  })
  const forget = (id: string) => {
    for (const name of cache.keys()) if (name.startsWith(`${id}.`)) cache.delete(name)
  }
  return {
    async identify(request, { keepAlive = true } = {}) {
      if (request.headers.cookie === undefined) return undefined
      const [, id, secret] = FORM.exec(createCookies(request, undefined).read('session') ?? '') ?? []
      if (id === undefined || secret === undefined || !sessionId.safeParse(id).success) return undefined
      const context = { sessionId: id, secretDigest: hashSecret(secret), keepAlive }
      // The two kinds are cached apart. A socket's answer must not serve a request, or the session would end
      // early.
      return (await cache.forceFetch(`${id}.${context.secretDigest}.${keepAlive}`, { context })).caller
    },
    async begin({ session, secret }, { cookies, caller }) {
      cookies.write('session', `${session.id}.${secret}`, SESSION_MAX_SECONDS)
      if (caller?.session === undefined) return
      const { id } = caller.session
      // The number is used up, so a fault here must not fail the sign-in.
      await persistence
        .revokeSession(id, actorOf(caller))
        .catch((err) => logger.warn({ err, sessionId: id }, 'the earlier session of a browser goes on'))
      forget(id)
    },
    forget,
  }
}
