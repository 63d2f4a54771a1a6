import type { LookupAddress } from 'node:dns'
import { connect, isIP, type LookupFunction, type Socket } from 'node:net'
import { knownNames } from '@emailauth/service/config/known-names'
import { isPublicAddress } from '@emailauth/service/network/public-address'
import { resolveLocalName, resolveName } from '@emailauth/service/network/resolve-name'
import { waitAtMost } from '@emailauth/service/timing/wait-at-most'
import type { SmtpServer } from './smtp-url.ts'

const UNRESOLVED = 'The name cannot be resolved.'

/** Finds all addresses of a host. */
export type Resolve = (host: string) => Promise<readonly string[]>

/**
 * Resolves names as the system does: hosts file, A and AAAA records, in the system's order. While name
 * servers fail, a relay keeps the addresses that it had.
 */
const bySystem: Resolve = async (host) => (await knownNames.find(host)).map(({ address }) => address)

/**
 * For tenants, whose name servers may never answer: the system's look-ups of all relays share two threads.
 * The second is for names of our own networks, where tenants may name them.
 */
const byDns = once((host) => allOf(resolveName(), host))
const locally = once((host) => allOf(resolveLocalName(), host))

function allOf(lookup: LookupFunction, host: string): Promise<readonly string[]> {
  return new Promise((resolved, failed) =>
    lookup(host, { all: true }, (error, found) =>
      error === null ? resolved((found as LookupAddress[]).map(({ address }) => address)) : failed(error),
    ),
  )
}

/** How the name of a relay is resolved. A host that is an address needs no look-up. */
export function resolveOf(
  { publicOnly, ofTenant }: Pick<SmtpServer, 'publicOnly' | 'ofTenant'>,
  ways = { byDns, locally, bySystem },
): Resolve {
  const tenantsWay = publicOnly === true ? ways.byDns : ways.locally
  const resolve = publicOnly === true || ofTenant === true ? tenantsWay : ways.bySystem
  return async (host) => (isIP(host) === 0 ? resolve(host) : [host])
}

/** Joins look-ups of a name that is being looked up: each would hold a thread until it ends. */
export function once(resolve: Resolve): Resolve {
  const underWay = new Map<string, Promise<readonly string[]>>()
  return (host) => {
    const known = underWay.get(host)
    if (known !== undefined) return known
    const found = resolve(host).finally(() => underWay.delete(host))
    underWay.set(host, found)
    return found
  }
}

/**
 * Resolves a relay's addresses. If a tenant named the host, all of them must be public.
 * Connections use exactly these checked addresses, so a name that resolves to others later has no effect.
 * @throws {Error} with the code `EDNS`, `ETIMEDOUT` or `EPRIVATE`
 */
export async function addressesOf(
  server: SmtpServer,
  timeoutMs: number,
  resolve: Resolve = resolveOf(server),
): Promise<readonly string[]> {
  const { host, publicOnly } = server
  const addresses = await waitAtMost(timeoutMs, resolve(host)).catch((cause: { code?: string }) => {
    throw fault(cause.code === 'ETIMEDOUT' ? 'ETIMEDOUT' : 'EDNS', UNRESOLVED)
  })
  if (addresses === undefined) throw fault('ETIMEDOUT', UNRESOLVED)
  if (addresses.length === 0) throw fault('EDNS', 'The name has no address.')
  if (publicOnly === true && !addresses.every(isPublicAddress))
    throw fault('EPRIVATE', 'not a public address')
  return addresses
}

/**
 * Opens a TCP connection to one address.
 * @throws {Error} with the code `EUNREACHABLE` or `ETIMEDOUT`
 */
export function openSocket(address: string, port: number, timeoutMs: number): Promise<Socket> {
  return new Promise((opened, failed) => {
    const socket = connect({ host: address, port, timeout: timeoutMs, noDelay: true })
    const fail = (code: string) => {
      socket.destroy()
      failed(fault(code, `${code} while connecting`))
    }
    socket.once('error', () => fail('EUNREACHABLE'))
    socket.once('timeout', () => fail('ETIMEDOUT'))
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      socket.removeAllListeners('error')
      opened(socket)
    })
  })
}

function fault(code: string, message: string) {
  return Object.assign(new Error(message), { code, command: 'CONN' })
}
