import { isIP } from 'node:net'
import { hasHost } from '@emailauth/contracts/url-host'

/**
 * The relying party of passkeys: the host they are made for, and the origin whose signatures are accepted.
 */
export interface RelyingParty {
  readonly id: string
  readonly origin: string
}

/** The relying party of a request; undefined where browsers allow no passkeys. */
export type RelyingPartyOf = (host: string | undefined) => RelyingParty | undefined

const LOCALHOST = /^localhost(:\d{1,5})?$/i

/** @param publicUrl where browsers find the dashboard; absent: localhost, whatever the port. */
export function createRelyingParty(publicUrl: string | undefined): RelyingPartyOf {
  if (publicUrl !== undefined) {
    const { hostname, origin } = new URL(publicUrl)
    // What the request says of its host does not count: a proxy may change it, and anybody may lie.
    return () => ({ id: hostname, origin })
  }
  return (host) =>
    host !== undefined && LOCALHOST.test(host)
      ? { id: 'localhost', origin: `http://${host.toLowerCase()}` }
      : undefined
}

/** Whether browsers allow passkeys there: https, or localhost; never an IP address. */
export function isPublicUrl(text: string): boolean {
  const { protocol, hostname } = new URL(text)
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0 || !hasHost(text)) return false
  return protocol === 'https:' || hostname === 'localhost'
}
