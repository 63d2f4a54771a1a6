import { isLoopback } from '@emailauth/contracts/loopback'
import { parse, serialize } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * The cookies that a browser keeps for the gateway:
 * - session: the admin who is signed in
 * - sign-in: the ticket of a sign-in by mail that has begun
 * - device: proof that an admin has signed in with this browser
 * - passkey: the challenge that the passkey has to sign
 */
export type CookieName = 'session' | 'sign-in' | 'device' | 'passkey'

/** The cookies of one request. */
export interface Cookies {
  /** The host that they belong to, as the request names it. */
  readonly host: string | undefined
  /** undefined also for a request of a page that is not ours. */
  read(name: CookieName): string | undefined
  write(name: CookieName, value: string, maxAgeSeconds: number): void
  clear(name: CookieName): void
}

const PORT = /:\d+$/

/**
 * Cookies that no script can read and no other site can send. Beyond loopback they are Secure and bound to
 * the host, so a browser drops them over plain HTTP.
 */
export function createCookies(request: FastifyRequest, reply: FastifyReply | undefined): Cookies {
  const { headers } = request
  const isSecure = () => !isLoopback(headers.host?.replace(PORT, '') ?? '')
  const nameOf = (name: CookieName) => `${isSecure() ? '__Host-' : ''}emailauth-${name}`
  const optionsOf = () => ({ httpOnly: true, sameSite: 'strict', path: '/', secure: isSecure() }) as const
  return {
    host: headers.host,
    read(name) {
      if (headers.cookie === undefined || !isOwnOrigin(request) || isPlainPage(request)) return undefined
      return parse(headers.cookie)[nameOf(name)]
    },
    write(name, value, maxAge) {
      reply?.header('set-cookie', serialize(nameOf(name), value, { ...optionsOf(), maxAge }))
    },
    clear(name) {
      reply?.header('set-cookie', serialize(nameOf(name), '', { ...optionsOf(), maxAge: 0 }))
    },
  }
}

/**
 * True when the request comes from one of our own pages, or from a program. Otherwise no cookie counts.
 * SameSite already keeps other sites out. This also refuses what a browser takes for the same site, such as
 * another port of the host.
 */
export function isOwnOrigin({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') return false
  const { origin, host } = headers
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === host
}

/**
 * A page of our host over plain HTTP, beyond this machine. Somebody in the network can write such a page, and
 * Firefox and Safari take it for the same site, so its WebSocket would bring the cookies of the HTTPS one.
 */
function isPlainPage({ headers: { origin = '' } }: Pick<FastifyRequest, 'headers'>): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, hostname } = new URL(origin)
  return protocol !== 'https:' && !isLoopback(hostname) && !hostname.endsWith('.localhost')
}
