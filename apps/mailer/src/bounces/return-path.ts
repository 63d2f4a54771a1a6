/** RFC 5321, 4.5.3.1.1 */
const LOCAL_MAX = 64
/** A message token, as message-token.ts writes it. */
const TOKEN = /^[A-Za-z0-9_-]{32}\.[A-Za-z0-9_-]{12}\.[a-z0-9-]+$/

/**
 * The envelope sender of a message: `bounces+<token>@…` (VERP), so that a report names its message although a provider rewrote its
 * Message-ID. Where that is longer than a local part may be, the bounce address alone.
 */
export function returnPath(bounceAddress: string, token: string): string {
  const at = bounceAddress.lastIndexOf('@')
  const local = `${bounceAddress.slice(0, at)}+${token}`
  return local.length > LOCAL_MAX ? bounceAddress : `${local}${bounceAddress.slice(at)}`
}

/** The Message-ID that a return path stands for, whatever the bounce address is; undefined when it names none. */
export function messageIdOfReturnPath(address: string): string | undefined {
  const [, token = '', domain] = /^[^@]*?\+([^@+]+)@([^@]+)$/.exec(address) ?? []
  return TOKEN.test(token) ? `<${token}@${domain}>` : undefined
}
