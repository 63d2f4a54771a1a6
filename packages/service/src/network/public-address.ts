import { BlockList, isIP } from 'node:net'
import { parseAddress } from '@emailauth/contracts/client-network'

/** Where public IPv6 addresses are. What lies elsewhere is reserved, and overlay networks use some of it. */
const PUBLIC_IPV6 = ['2000::', 3] as const

/**
 * Networks outside the public Internet: of IPv4 loopback, private, link-local, shared, documentation and
 * multicast, and the public address at which every machine on Azure reaches its host. Of IPv6 those within
 * {@link PUBLIC_IPV6}. Among them are Teredo (in `2001::/23`) and 6to4 (`2002::/16`), whose addresses lead to
 * an IPv4 address that they contain.
 */
const NOT_PUBLIC: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const four = new BlockList()
const six = new BlockList()
const publicSix = new BlockList()
publicSix.addSubnet(...PUBLIC_IPV6, 'ipv6')
for (const [network, prefix] of NOT_PUBLIC) {
  if (network.includes(':')) six.addSubnet(network, prefix, 'ipv6')
  else four.addSubnet(network, prefix, 'ipv4')
}

/** Whether an IP address belongs to the public Internet. Text that is no IP address does not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !four.check(address, 'ipv4')
  // An address with a zone belongs to a link of this machine.
  if (family !== 6 || address.includes('%')) return false
  if (!publicSix.check(address, 'ipv6') || six.check(address, 'ipv6')) return false
  const tunnelled = isatapAddress(address)
  return tunnelled === undefined || isPublicAddress(tunnelled)
}

/**
 * The IPv4 address to which an ISATAP interface sends its packets (RFC 5214). It is the last part of an
 * address of any network, also of a public one, behind `0:5efe` or `200:5efe`.
 */
function isatapAddress(address: string): string | undefined {
  const [flags = 0xff, zero, mark, markEnd, ...embedded] = parseAddress(address)?.toByteArray().slice(8) ?? []
  const isIsatap = (flags & 0b1111_1100) === 0 && zero === 0 && mark === 0x5e && markEnd === 0xfe
  return isIsatap ? embedded.join('.') : undefined
}

/**
 * True for a host that is this machine or a private network by its text. What a name resolves to is checked
 * on connecting.
 */
export function isPrivateHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  if (isIP(bare) !== 0) return !isPublicAddress(bare)
  return /(?:^|\.)localhost\.?$/i.test(bare)
}
