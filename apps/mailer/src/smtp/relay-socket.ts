import { lookup } from 'node:dns'
import { connect, isIP, type LookupFunction, type Socket } from 'node:net'
import { isPublicAddress } from '@emailauth/service/public-address'

/**
 * Opens a TCP connection to a host that a tenant named, never to an address of our own networks. The address itself is checked,
 * at the moment of connecting, so a name that resolves to something else later gets nowhere.
 * @throws {Error} with the code `ESOCKET`, `EDNS` or `ETIMEDOUT`
 */
export function openPublicSocket(host: string, port: number, timeoutMs: number): Promise<Socket> {
  return new Promise((opened, failed) => {
    if (isIP(host) !== 0 && !isPublicAddress(host)) return failed(refused())
    const socket = connect({ host, port, lookup: lookupPublic, timeout: timeoutMs })
    const fail = (error: Error) => {
      socket.destroy()
      failed('command' in error ? error : Object.assign(error, { code: 'ESOCKET', command: 'CONN' }))
    }
    socket.once('error', fail)
    socket.once('timeout', () =>
      fail(Object.assign(new Error('Connection timeout'), { code: 'ETIMEDOUT', command: 'CONN' })),
    )
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      socket.off('error', fail)
      opened(socket)
    })
  })
}

const lookupPublic: LookupFunction = (name, options, done) => {
  lookup(name, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error !== null || first === undefined) {
      return done(Object.assign(error ?? new Error('no address'), { code: 'EDNS', command: 'CONN' }), '')
    }
    if (!addresses.every(({ address }) => isPublicAddress(address))) return done(refused(), '')
    if (options.all === true) done(null, addresses)
    else done(null, first.address, first.family)
  })
}

function refused() {
  return Object.assign(new Error('not a public address'), { code: 'EPRIVATE', command: 'CONN' })
}
