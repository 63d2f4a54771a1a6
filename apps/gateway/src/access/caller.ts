import type { ApiKey } from '@emailauth/contracts/api-keys'
import type { CallingActor } from '@emailauth/contracts/events'
import type { Session } from '@emailauth/contracts/sessions'
import { parseApiKey } from '@emailauth/secrets/api-key'
import { hashSecret } from '@emailauth/secrets/digest'
import { LRUCache } from 'lru-cache'
import type { Persistence } from '../services/persistence/persistence-client.ts'

/**
 * The caller: the holder of an API key, or a signed-in admin. `isDisabled`: the tenant is disabled for now.
 * `isReadOnly`: sees what an admin sees and changes nothing.
 */
export type Caller =
  | {
      readonly scope: 'tenant'
      readonly apiKeyId: string
      readonly tenantId: string
      readonly isDisabled?: true
      readonly session?: undefined
    }
  | {
      readonly scope: 'admin'
      readonly isReadOnly?: true
      readonly apiKeyId: string
      readonly tenantId?: undefined
      readonly session?: undefined
    }
  | {
      readonly scope: 'admin'
      readonly isReadOnly?: true
      readonly apiKeyId?: undefined
      readonly tenantId?: undefined
      readonly session: Session
    }

/** The caller as persistence names it in the audit log, and checks that its key or session has not ended. */
export function actorOf({ apiKeyId, session }: Caller): CallingActor {
  return session === undefined ? { kind: 'api-key', id: apiKeyId } : actorIn(session)
}

/** An admin as the actor of an act, with the session in which it is done. */
export function actorIn({ id: sessionId, email }: Session): CallingActor {
  return { kind: 'admin', id: email, sessionId }
}

/** Identifies the caller by the `Authorization` header. */
export interface Callers {
  /**
   * Answers undefined when the header is missing, malformed, or its key unknown or revoked.
   * @throws {ProblemError} when persistence does not answer.
   */
  identify(authorization: string | undefined): Caller | undefined | Promise<Caller | undefined>
  /** The caller, if the key is in the cache. undefined: call {@link identify}. */
  known(authorization: string): Caller | undefined
  /** Forgets a key that was just revoked here; other gateways learn of it within {@link KNOWN_MS}. */
  forget(apiKeyId: string): void
}

/** How long a valid key is cached. A revoked key must stop working everywhere within 5 s. */
export const KNOWN_MS = 3000
/** How long a bad key is not asked about again. */
export const UNKNOWN_MS = 1000
/** Headers that are cached, those of bad keys too. The one used least recently makes room. */
export const MOST_KEYS = 10_000
const BEARER = /^Bearer ([!-~]+)$/i
const LONGEST_HEADER = 300

type Known = { readonly caller: Caller | undefined }
interface Parts {
  readonly keyId: string
  readonly secretDigest: string
  /** The key begins `ea_test_`. */
  readonly test: boolean
}

/** Caches by a digest of the header, never by the key. Parallel calls with the same key share one look-up. */
export function createCallers(
  persistence: Pick<Persistence, 'authenticate'>,
  clock: { now(): number } = performance,
): Callers {
  const cache = new LRUCache<string, Known, Parts>({
    max: MOST_KEYS,
    ttl: KNOWN_MS,
    ttlResolution: 0,
    perf: clock,
    // Calls that wait for an entry get it, even if it is forgotten or evicted meanwhile.
    ignoreFetchAbort: true,
    async fetchMethod(_digest, _stale, { options, context }) {
      const apiKey = await persistence.authenticate(context)
      if (apiKey === 'disabled') return { caller: disabledCaller(context.keyId) }
      const caller = callerOf(apiKey)
      if (caller === undefined) options.ttl = UNKNOWN_MS
      else if (apiKey?.expiresAt) options.ttl = Math.min(KNOWN_MS, untilMs(apiKey.expiresAt))
      return { caller }
    },
  })
  return {
    identify(authorization) {
      if (authorization === undefined || authorization.length > LONGEST_HEADER) return undefined
      const digest = hashSecret(authorization)
      const known = cache.get(digest)
      if (known !== undefined) return known.caller
      const [, key = ''] = BEARER.exec(authorization) ?? []
      const parts = parseApiKey(key)
      if (parts === undefined) return undefined
      const context = { keyId: parts.keyId, secretDigest: hashSecret(parts.secret), test: parts.test }
      return cache.forceFetch(digest, { context }).then(({ caller }) => caller)
    },
    known: (authorization) =>
      authorization.length > LONGEST_HEADER ? undefined : cache.get(hashSecret(authorization))?.caller,
    forget(apiKeyId) {
      for (const [digest, { caller }] of cache.entries()) {
        if (caller?.apiKeyId === apiKeyId) cache.delete(digest)
      }
    },
  }
}

/** The caller with a key of a disabled tenant. Every call is refused, so the tenant's id is not needed. */
function disabledCaller(apiKeyId: string): Caller {
  return { scope: 'tenant', apiKeyId, tenantId: '', isDisabled: true }
}

/** At least 1 ms, because the cache takes 0 for "never expires". */
function untilMs(moment: string): number {
  return Math.max(1, Date.parse(moment) - Date.now())
}

function callerOf(apiKey: ApiKey | undefined): Caller | undefined {
  if (apiKey === undefined || apiKey.revokedAt !== null) return undefined
  if (apiKey.scope === 'admin') return { scope: 'admin', apiKeyId: apiKey.id }
  if (apiKey.scope === 'admin-read-only') return { scope: 'admin', isReadOnly: true, apiKeyId: apiKey.id }
  return apiKey.tenantId === null
    ? undefined
    : { scope: 'tenant', apiKeyId: apiKey.id, tenantId: apiKey.tenantId }
}
