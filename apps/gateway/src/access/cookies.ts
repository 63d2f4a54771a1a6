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
  read(name: CookieName): string | undefined
  write(name: CookieName, value: string, maxAgeSeconds: number): void
  clear(name: CookieName): void
}

const PORT = /:\d+$/

/**
 * Cookies that no script can read and no other site can send. Beyond loopback they are Secure and bound to
 * the host, so a browser drops them over plain HTTP.
 */
export function createCookies({ headers }: FastifyRequest, reply: FastifyReply | undefined): Cookies {
  const isSecure = () => !isLoopback(headers.host?.replace(PORT, '') ?? '')
  const nameOf = (name: CookieName) => `${isSecure() ? '__Host-' : ''}emailauth-${name}`
  const optionsOf = () => ({ httpOnly: true, sameSite: 'strict', path: '/', secure: isSecure() }) as const
  return {
    host: headers.host,
    read: (name) => (headers.cookie === undefined ? undefined : parse(headers.cookie)[nameOf(name)]),
    write(name, value, maxAge) {
      reply?.header('set-cookie', serialize(nameOf(name), value, { ...optionsOf(), maxAge }))
    },
    clear(name) {
      reply?.header('set-cookie', serialize(nameOf(name), '', { ...optionsOf(), maxAge: 0 }))
    },
  }
}

/**
 * True when the browser's cookies count: the request comes from one of our own pages, or from a program.
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
