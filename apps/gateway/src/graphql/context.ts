import type { FastifyReply, FastifyRequest } from 'fastify'
import { GraphQLError } from 'graphql'
import type { Caller, Callers } from '../access/caller.ts'
import { type Cookies, createCookies } from '../access/cookies.ts'
import type { AdminEmails } from '../auth/admin-emails.ts'
import type { KnownBrowsers } from '../auth/known-browsers.ts'
import type { PasskeyCeremonies } from '../auth/passkey-ceremonies.ts'
import type { Sessions } from '../auth/sessions.ts'
import type { SignIns } from '../auth/sign-ins.ts'
import type { EventFeed } from '../events/event-feed.ts'
import type { Registrations } from '../registration/registrations.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { TenantDirectory } from '../tenants/tenant-directory.ts'
import type { Verifications } from '../verification/verifications.ts'
import type { CountOutcome } from './outcome-metrics.ts'
import type { ReadTurns } from './read-limits.ts'

/** What resolvers work with; made once. */
export interface Services {
  readonly registrations: Registrations
  readonly verifications: Verifications
  readonly persistence: Persistence
  readonly mailer: Mailer
  readonly tenants: TenantDirectory
  readonly callers: Callers
  readonly sessions: Sessions
  readonly signIns: SignIns
  readonly passkeys: PasskeyCeremonies
  readonly knownBrowsers: KnownBrowsers
  readonly adminEmails: AdminEmails
  readonly events: EventFeed
  readonly countOutcome: CountOutcome
  readonly production: boolean
  readonly readTurns: ReadTurns
}

/** The context of one GraphQL request. */
export interface GatewayContext {
  /** Generated for each request and unique. It also identifies the request's call to persistence. */
  readonly requestId: string
  /** undefined: neither an API key nor a session, or none that is known. */
  readonly caller: Caller | undefined
  /** The caller's address by trusted proxies, in one spelling. */
  readonly clientIp: string
  readonly cookies: Cookies
  /** The head of the reply; undefined over WebSocket. */
  readonly head: Pick<FastifyReply, 'header'> | undefined
  readonly services: Services
}

/** Creates the context of each request. It makes no promise for a cached caller, as nearly all are. */
export function contextMaker(services: Services) {
  return (request: FastifyRequest, reply: FastifyReply): GatewayContext | Promise<GatewayContext> => {
    const withCaller = (caller: Caller | undefined): GatewayContext => {
      // For who looks for the source of a flood; the address of a peer is written nowhere else.
      if (caller === undefined) request.log.debug({ ip: request.ip }, 'no valid API key or session')
      const { id: requestId, ip: clientIp } = request
      return { requestId, caller, clientIp, cookies: createCookies(request, reply), head: reply, services }
    }
    const caller = identify(request, services)
    if (!(caller instanceof Promise)) return withCaller(caller)
    return caller.then(withCaller, (originalError: unknown) => {
      request.log.error({ err: originalError }, 'the caller could not be identified')
      throw cannotTell()
    })
  }
}

/** A session's cookie counts by POST alone: a link or a picture on another page can cause a GET. */
function identify(request: FastifyRequest, { callers, sessions }: Services) {
  const { authorization } = request.headers
  if (authorization === undefined && request.method !== 'POST') return undefined
  return authorization === undefined ? sessions.identify(request) : callers.identify(authorization)
}

/** Nothing else ran, so the status may say it too. */
function cannotTell(): GraphQLError {
  return new GraphQLError('The API key cannot be checked for the moment; try again in a few seconds.', {
    extensions: { code: 'SERVICE_UNAVAILABLE', http: { status: 503 } },
  })
}
