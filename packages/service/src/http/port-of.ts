import type { AddressInfo } from 'node:net'

/** The port of a server that listens by TCP. */
export function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server does not listen by TCP.')
  return address.port
}
