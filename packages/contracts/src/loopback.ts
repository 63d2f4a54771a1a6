const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i

/** Whether a host, by name or address and without a port, is this machine itself. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host)
}
