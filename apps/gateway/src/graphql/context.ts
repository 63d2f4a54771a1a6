import type { FastifyReply } from 'fastify'
import type { Caller } from '../access/caller.ts'
import type { Cookies } from '../access/cookies.ts'

/** The context of one GraphQL request. `Ports`: what the resolvers of a feature work with, made once. */
export interface GatewayContext<Ports = unknown> {
  /** Generated for each request and unique. It also identifies the request's call to persistence. */
  readonly requestId: string
  /** undefined: neither an API key nor a session, or none that is known. */
  readonly caller: Caller | undefined
  /** The caller's address by trusted proxies, in one spelling. */
  readonly clientIp: string
  readonly cookies: Cookies
  /** The head of the reply; undefined over WebSocket. */
  readonly head: Pick<FastifyReply, 'header'> | undefined
  readonly services: Ports
}
