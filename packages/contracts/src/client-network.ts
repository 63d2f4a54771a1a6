import ipaddr from 'ipaddr.js'

/** The network of all clients whose address is invalid. Limits count them together. */
export const UNKNOWN_NETWORK = 'unknown'

/** The networks by which limits count a client. */
export interface ClientNetwork {
  /** One IPv4 address, one IPv6 network of /64, or `unknown`. */
  readonly network: string
  /** The IPv6 /48 around it, because one customer may have a whole /48. Absent for IPv4 and `unknown`. */
  readonly wider?: string
}

/** Longest text of an address: IPv6 with an embedded IPv4, a zone, brackets, quotes and a port. */
const MAX_LENGTH = 100
/** `[address]` or `[address]:port`, as in URLs and in `Forwarded`. */
const BRACKETED = /^\[([^\]]*)\](?::\d{1,5})?$/
/** Four parts of 0 to 255 without leading zeros. Nearly all addresses have this form and need no parsing. */
const PLAIN_IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/
const IPV4_WITH_PORT = /^([\d.]+):\d{1,5}$/
/** The well-known prefix of RFC 6052. The last 32 bits are the IPv4 address of a client behind NAT64. */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96')

const UNKNOWN: ClientNetwork = { network: UNKNOWN_NETWORK }

/**
 * Reads the address of a client in any notation: with a port, brackets, quotes or a zone, IPv4 mapped into
 * IPv6, any form of IPv6. It never throws. An invalid address has the network `unknown`.
 */
export function clientNetwork(text: string | undefined): ClientNetwork {
  if (text !== undefined && PLAIN_IPV4.test(text)) return { network: text }
  const address = parseAddress(text)
  if (address === undefined) return UNKNOWN
  if (address instanceof ipaddr.IPv4) return { network: address.toString() }
  return { network: prefixOf(address, 64), wider: prefixOf(address, 48) }
}

/** @public Parses an address. IPv4 inside IPv6 becomes IPv4. undefined: it is invalid. */
export function parseAddress(text: string | undefined): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (text === undefined || text.length > MAX_LENGTH) return undefined
  const bare = withoutPort(text.trim().replace(/^"(.*)"$/, '$1'))
  // Only four decimal parts. Proxies never write `127.1` or `0x7f000001`, which some programs accept.
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare)
  if (!ipaddr.IPv6.isValid(bare)) return undefined
  const address = ipaddr.IPv6.parse(bare)
  if (address.isIPv4MappedAddress()) return address.toIPv4Address()
  if (address.match(NAT64)) return new ipaddr.IPv4(address.toByteArray().slice(12))
  return address
}

function withoutPort(text: string): string {
  return BRACKETED.exec(text)?.[1] ?? IPV4_WITH_PORT.exec(text)?.[1] ?? text
}

/** Builds the prefix from the parts of the address, so that a zone is dropped. */
function prefixOf(address: ipaddr.IPv6, bits: 48 | 64): string {
  const parts = address.parts.map((part, at) => (at < bits / 16 ? part : 0))
  return `${new ipaddr.IPv6(parts).toString()}/${bits}`
}
