import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from '@emailauth/service/network/public-address'
import { resolveName } from '@emailauth/service/network/resolve-name'
import { buildConnector } from 'undici'

/** An endpoint whose host has an address that is not public. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError'
  readonly code = 'EPRIVATE'
  constructor() {
    super('The host of the URL has no public address.')
  }
}

/**
 * Connects to public addresses only. The address that was checked is the one that is connected to, so a name
 * that resolves to something else a moment later gets nowhere.
 */
export function connectPublic(
  timeoutMs: number,
  lookup: LookupFunction = resolveName(),
): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs, lookup: publicOnly(lookup) })
  return (options, done) => {
    // A literal address is never looked up.
    const bare = options.hostname.replace(/^\[|\]$/g, '')
    if (isIP(bare) !== 0 && !isPublicAddress(bare)) return done(new PrivateAddressError(), null)
    connect(options, done)
  }
}

/** Resolves a name, and refuses it when any of its addresses is not public. */
function publicOnly(lookup: LookupFunction): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : []
      const [first] = addresses
      if (error !== null) return done(error, '', 0)
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
        return done(new PrivateAddressError(), '', 0)
      if (options.all === true) return done(null, addresses)
      done(null, first.address, first.family)
    })
  }
}
