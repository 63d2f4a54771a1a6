import ipaddr from 'ipaddr.js'
import { parseAddress } from './client-network.ts'

type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

/** Returns a test whether an address, in any notation, is in one of these addresses and networks (CIDR). */
export function createNetworkList(networks: readonly string[]): (text: string) => boolean {
  const parsed = networks.map(parseNetwork)
  return (text) => {
    const address = parseAddress(text)
    return address !== undefined && parsed.some((network) => isIn(address, network))
  }
}

/** @throws {Error} when the text is neither an address nor a network. */
function parseNetwork(text: string): Network {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.process(text)
  return [address, address instanceof ipaddr.IPv4 ? 32 : 128]
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, [base, bits]: Network): boolean {
  if (address instanceof ipaddr.IPv4) {
    if (base instanceof ipaddr.IPv4) return address.match(base, bits)
    // A network of mapped addresses, such as ::ffff:10.0.0.0/104, contains IPv4 addresses.
    return address.toIPv4MappedAddress().match(base, bits)
  }
  return base instanceof ipaddr.IPv6 && address.match(base, bits)
}
