import type { FastifyReply, FastifyRequest } from 'fastify'
import { GraphQLError } from 'graphql'
import type { Caller, Callers } from './access/caller.ts'
import { createCookies } from './access/cookies.ts'
import type { AuthPorts } from './auth/auth.context.ts'
import type { Sessions } from './auth/sessions.ts'
import type { EventPorts } from './events/event.context.ts'
import type { GatewayContext } from './graphql/context.ts'
import type { ReadPorts } from './graphql/limits/reads-in-turns.ts'
import type { IdentityPorts } from './identities/identity.context.ts'
import type { MessagePorts } from './messages/message.context.ts'
import type { RegistrationPorts } from './registration/registration.context.ts'
import type { SystemPorts } from './system/system.context.ts'
import type { TenantPorts } from './tenants/tenant.context.ts'
import type { VerificationPorts } from './verification/verification.context.ts'
import type { WebhookPorts } from './webhooks/webhook.context.ts'

/** What the resolvers of all features work with. */
export type Ports = AuthPorts &
  EventPorts &
  IdentityPorts &
  MessagePorts &
  ReadPorts &
  RegistrationPorts &
  SystemPorts &
  TenantPorts &
  VerificationPorts &
  WebhookPorts

/** Who can say who the caller is. */
interface Identifiers {
  readonly callers: Pick<Callers, 'identify'>
  readonly sessions: Pick<Sessions, 'identify'>
}

/** Creates the context of each request. It makes no promise for a cached caller, as nearly all are. */
export function contextMaker(services: Ports & Identifiers) {
  return (request: FastifyRequest, reply: FastifyReply): GatewayContext | Promise<GatewayContext> => {
    const withCaller = (caller: Caller | undefined): GatewayContext => {
      // Helps to find the source of a flood.
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

/**
 * Who the caller is; undefined: nobody that is known. A session's cookie counts only with POST, because a
 * link or a picture on another page can cause a GET.
 * @throws {ProblemError} when persistence does not answer.
 */
export function identify(request: FastifyRequest, { callers, sessions }: Identifiers) {
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
