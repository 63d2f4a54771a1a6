import type { Caller } from '../access/caller.ts'
import type { Cookies } from '../access/cookies.ts'
import type { ReplyHead } from '../http/rate-limit-headers.ts'

/** What a field of the fast path knows of its request. `Ports`: what its resolver works with, made once. */
export interface FastPathContext<Ports = unknown> {
  /** Generated for each request and unique. It also identifies the request's call to persistence. */
  readonly requestId: string
  /** undefined: neither an API key nor a session, or none that is known. */
  readonly caller: Caller | undefined
  /** The head of the reply; undefined over WebSocket. */
  readonly head: ReplyHead | undefined
  readonly services: Ports
}

/** The context of any other field. */
export interface GatewayContext<Ports = unknown> extends FastPathContext<Ports> {
  /** The caller's address by trusted proxies, in one spelling. */
  readonly clientIp: string
  readonly cookies: Cookies
}
