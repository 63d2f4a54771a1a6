import type { LookupAddress } from 'node:dns'
import { lookup as bySystem, Resolver } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'

/** Of one look-up. `timeout`: milliseconds of a try. */
export const NAME_LIMITS = { timeout: 2000, tries: 2 }
/**
 * Addresses of a family that are used. A connection tries them in turn, and a name can have thousands: one
 * mail or webhook would open as many connections to whomever its owner lists, for hours if none answers.
 */
export const MOST_ADDRESSES = 8
/** These names are the machine itself, whatever a server says (RFC 6761, section 6.3). */
const LOCALHOST = /(?:^|\.)localhost\.?$/i
const LOOPBACK = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]
const NO_RECORDS = new Set(['ENOTFOUND', 'ENODATA'])

/** DNS gave no address. */
class NameError extends Error {
  constructor(
    /** `ENOTFOUND`: there is none. `EAI_AGAIN`: servers fail. */
    readonly code: 'ENOTFOUND' | 'EAI_AGAIN',
    readonly isSilent: boolean,
  ) {
    super('no address')
  }
}

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
      const found = [...firstOf(four, 4), ...firstOf(six, 6)]
      if (found.length > 0) return done(null, found)
      const codes = [four, six].map((one) => (one.status === 'rejected' ? one.reason.code : ''))
      const code = codes.every((each) => NO_RECORDS.has(each)) ? 'ENOTFOUND' : 'EAI_AGAIN'
      done(new NameError(code, codes.includes('ETIMEOUT')), '', 0)
    })
  }
}

function firstOf(asked: PromiseSettledResult<readonly string[]>, family: 4 | 6): LookupAddress[] {
  if (asked.status === 'rejected') return []
  return asked.value.slice(0, MOST_ADDRESSES).map((address) => ({ address, family }))
}

function fewOf(addresses: readonly LookupAddress[]): LookupAddress[] {
  const counts = new Map<number, number>()
  return addresses.filter(({ family }) => {
    const count = (counts.get(family) ?? 0) + 1
    counts.set(family, count)
    return count <= MOST_ADDRESSES
  })
}

/**
 * The same for names of our own networks, where the hosts file and search domains count. The system is asked
 * for a name that DNS does not give, unless its servers are silent, and for one name at a time: whatever a
 * name server does then, a thread is left for relays and Redis.
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
      if (error instanceof NameError && error.isSilent) return done(error, '', 0)
      inTurn(hostname, ask).then(
        (all) => give(fewOf(all)),
        (fault: NodeJS.ErrnoException) => done(fault, '', 0),
      )
    })
  }
}

/** Who waits longer for the system's look-up of another name is told to try again, and asks nothing. */
export const TURN_MS = 3000
const asking = new Map<string, Promise<LookupAddress[]>>()
let last: Promise<unknown> = Promise.resolve()

/** Asks for one name after the other in all of this process, and once for all who want to know the same. */
function inTurn(name: string, ask: (name: string) => Promise<LookupAddress[]>): Promise<LookupAddress[]> {
  const others = asking.get(name)
  if (others !== undefined) return others
  const found = new Promise<LookupAddress[]>((resolve, reject) => {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      reject(new NameError('EAI_AGAIN', false))
    }, TURN_MS)
    last = last.then(async () => {
      if (isLate) return
      clearTimeout(timer)
      await ask(name).then(resolve, reject)
    })
  }).finally(() => asking.delete(name))
  asking.set(name, found)
  return found
}
