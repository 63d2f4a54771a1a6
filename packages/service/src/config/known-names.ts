import type { LookupAddress } from 'node:dns'
import { lookup as bySystem } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'

/** All addresses of a name. */
export type FindAddresses = (name: string) => Promise<readonly LookupAddress[]>

/** Names of servers that somebody configured, such as the other services, Redis and relays. */
export interface KnownNames {
  /**
   * The addresses of a name. While name servers fail, those that it had: a server that is up is then still
   * found. A name that does not exist any more has none, since its addresses may be somebody else's.
   * @throws {Error} of the look-up
   */
  readonly find: FindAddresses
  /** The same for connections between services. */
  readonly lookup: LookupFunction
  /**
   * The same for connections that wait for this time in ms, for example longer because a start fails without
   * them. It fails a little before, and says so: their own time-out would say that the server is silent.
   */
  readonly lookupWithin: (ms: number) => LookupFunction
}

export const KNOWN_NAMES = {
  /**
   * A connection that waits longer for name servers gets the former addresses. The time-out of one between
   * services is 1 s.
   */
  slowMs: 300,
  /** The time-out of a connection between services. */
  connectMs: 1000,
  /** How long before its time-out a connection fails because name servers are silent. */
  beforeMs: 100,
  /** How long former addresses count. RFC 8767, section 5, suggests one to three days. */
  keptMs: 86_400_000,
}

interface Former {
  readonly addresses: readonly LookupAddress[]
  readonly foundAt: number
}

/**
 * Remembers the addresses of each name that was looked up. Names that strangers choose must not come here,
 * because nothing is forgotten but names that do not exist.
 * @param options.ask default: as the system does, by its hosts file and name servers
 * @param options.now monotonic milliseconds
 */
export function createKnownNames({
  ask = (name) => bySystem(name, { all: true }),
  now = () => performance.now(),
  slowMs = KNOWN_NAMES.slowMs,
  connectMs = KNOWN_NAMES.connectMs,
}: {
  readonly ask?: FindAddresses
  readonly now?: () => number
  readonly slowMs?: number
  readonly connectMs?: number
} = {}): KnownNames {
  const known = new Map<string, Former>()
  const asking = new Map<string, Promise<readonly LookupAddress[]>>()

  async function askAndKeep(name: string): Promise<readonly LookupAddress[]> {
    try {
      const addresses = await ask(name)
      if (addresses.length > 0) known.set(name, { addresses, foundAt: now() })
      return addresses
    } catch (error) {
      if (isUnknown(error)) known.delete(name)
      throw error
    } finally {
      asking.delete(name)
    }
  }

  /** Look-ups of one name share the thread that each would hold until it ends. */
  function askOnce(name: string): Promise<readonly LookupAddress[]> {
    const others = asking.get(name)
    if (others !== undefined) return others
    const asked = askAndKeep(name)
    asking.set(name, asked)
    return asked
  }

  async function find(name: string): Promise<readonly LookupAddress[]> {
    const asked = askOnce(name)
    const former = known.get(name)
    if (former === undefined || now() - former.foundAt >= KNOWN_NAMES.keptMs) return asked
    return unlessItFails(asked, former.addresses, slowMs)
  }

  const lookupWithin =
    (ms: number): LookupFunction =>
    (hostname, { all, family }, done) => {
      unlessSilent(find(hostname), hostname, ms - KNOWN_NAMES.beforeMs).then(
        (found) => {
          const addresses = found.filter((one) => fits(one, family))
          const [first] = addresses
          if (first === undefined)
            return done(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0)
          if (all === true) done(null, addresses)
          else done(null, first.address, first.family)
        },
        (error: NodeJS.ErrnoException) => done(error, '', 0),
      )
    }

  return { find, lookup: lookupWithin(connectMs), lookupWithin }
}

/** Those of this process. */
export const knownNames = createKnownNames()

function unlessItFails<T>(asked: Promise<T>, former: T, slowMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(resolve, slowMs, former)
    asked
      .then(resolve, (error) => (isUnknown(error) ? reject(error) : resolve(former)))
      .finally(() => clearTimeout(late))
  })
}

/** The look-up itself goes on, so that the next connection may find what it gave. */
function unlessSilent<T>(found: Promise<T>, name: string, silentMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const silent = new Error(`the name servers do not answer for ${name}`)
    const late = setTimeout(reject, silentMs, Object.assign(silent, { code: 'EAI_AGAIN' }))
    found.then(resolve, reject).finally(() => clearTimeout(late))
  })
}

/** Whether name servers have answered that there is none. Anything else is a failure of theirs. */
function isUnknown(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOTFOUND'
}

function fits(found: LookupAddress, family: number | string | undefined): boolean {
  if (family === 4 || family === 'IPv4') return found.family === 4
  if (family === 6 || family === 'IPv6') return found.family === 6
  return true
}
