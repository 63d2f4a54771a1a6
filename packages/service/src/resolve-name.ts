import type { LookupAddress } from 'node:dns'
import { lookup as bySystem, Resolver } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'

/** Of one look-up. `timeout`: milliseconds of a try. */
export const NAME_LIMITS = { timeout: 2000, tries: 2 }
/** These names are the machine itself, whatever a server says (RFC 6761, section 6.3). */
const LOCALHOST = /(?:^|\.)localhost\.?$/i
const LOOPBACK = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]
const NO_RECORDS = new Set(['ENOTFOUND', 'ENODATA'])

/**
 * Asks DNS for the addresses of a name. The system's own look-up (`dns.lookup`) holds one of two threads of
 * this process until it ends, and the mailer finds its relays and Redis by the same two: a tenant whose
 * name servers never answer would stop the mails of all. The hosts file and search domains do not count here.
 *
 * @param servers in place of the system's, for tests
 */
export function resolveName(servers?: readonly string[], limits = NAME_LIMITS): LookupFunction {
  return (hostname, _options, done) => {
    if (LOCALHOST.test(hostname)) return done(null, LOOPBACK)
    // A new one each time, so that a change of resolv.conf counts.
    const resolver = new Resolver(limits)
    if (servers !== undefined) resolver.setServers(servers)
    Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]).then(([four, six]) => {
      const found = [
        ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
        ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
      ]
      if (found.length > 0) return done(null, found)
      const isKnown = [four, six].every((one) => one.status === 'rejected' && NO_RECORDS.has(one.reason.code))
      done(Object.assign(new Error('no address'), { code: isKnown ? 'ENOTFOUND' : 'EAI_AGAIN' }), '', 0)
    })
  }
}

/**
 * The same for names of our own networks, where the hosts file and search domains count. The system is asked
 * only for a name that DNS does not have, and for one name at a time, so that whatever a name server does
 * then, a thread is left for relays and Redis.
 * @param byDns in place of {@link resolveName}, for tests
 * @param ask in place of the system, for tests
 */
export function resolveLocalName(
  byDns: LookupFunction = resolveName(),
  ask: (name: string) => Promise<LookupAddress[]> = (name) => bySystem(name, { all: true }),
): LookupFunction {
  return (hostname, options, done) => {
    const give = (addresses: LookupAddress[]) => {
      const [first] = addresses
      if (options.all === true || first === undefined) done(null, addresses)
      else done(null, first.address, first.family)
    }
    byDns(hostname, { ...options, all: true }, (error, found) => {
      // All of them are a list.
      if (error === null) return give(found as LookupAddress[])
      if (error.code !== 'ENOTFOUND') return done(error, '', 0)
      inTurn(() => ask(hostname)).then(give, (fault: NodeJS.ErrnoException) => done(fault, '', 0))
    })
  }
}

let last: Promise<unknown> = Promise.resolve()

/** Runs one after the other, in all of this process. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = last.then(work)
  last = done.catch(() => {})
  return done
}
