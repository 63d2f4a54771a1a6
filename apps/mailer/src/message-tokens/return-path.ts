import { constantTimeEqual } from '@emailauth/secrets/digest'
import type { KeyRing, RingKey } from '@emailauth/secrets/key-ring'
import { readBase32, writeBase32 } from './base32.ts'
import { type MessageToken, macOf } from './message-token.ts'

// A message's envelope sender (VERP) is bounces+<base32 of the message's digest, 24 bytes, and a MAC, 8
// bytes>@…
// The token has only lower case and digits, because mail servers change case. The tenant is left out, because
// a local part has 64 bytes. The message's state gives the tenant while it is kept. Later the returned
// Message-ID does.

/** RFC 5321, 4.5.3.1.1 */
const LOCAL_MAX = 64
const DIGEST_BYTES = 24
const MAC_BYTES = 8
const FORM = /^[a-z2-7]{52}$/i

/** Longest local part of a bounce address that leaves room for a token. */
export const BOUNCE_LOCAL_MAX = LOCAL_MAX - '+'.length - 52

/** Writes the return path of one message. */
export function writeReturnPath(
  bounceAddress: string,
  key: RingKey,
  sent: MessageToken & { readonly email: string },
): string {
  const at = bounceAddress.lastIndexOf('@')
  const token = writeBase32(
    Buffer.concat([Buffer.from(sent.digest, 'base64url'), macOf(key, sent, MAC_BYTES)]),
  )
  return `${bounceAddress.slice(0, at)}+${token}${bounceAddress.slice(at)}`
}

/** Reads the token of a return path, whatever its bounce address. Undefined when there is none. */
export function tokenOfReturnPath(address: string): string | undefined {
  const token = /^[^@]*?\+([^@+]+)@[^@]+$/.exec(address)?.[1] ?? ''
  return FORM.test(token) ? token.toLowerCase() : undefined
}

/** Reads the message's digest from a token. It proves nothing before {@link isReturnTokenOf}. */
export function digestOfReturnToken(token: string): string | undefined {
  const bytes = FORM.test(token) ? readBase32(token) : undefined
  return bytes?.subarray(0, DIGEST_BYTES).toString('base64url')
}

/** Whether the token was issued for this message to this address. */
export function isReturnTokenOf(
  ring: KeyRing,
  token: string,
  sent: MessageToken & { readonly email: string },
): boolean {
  const mac = readBase32(token)?.subarray(DIGEST_BYTES).toString('hex') ?? ''
  return ring.keys.some((key) => constantTimeEqual(mac, macOf(key, sent, MAC_BYTES).toString('hex')))
}

/**
 * Whether this recipient is the bounce address or one of its return paths. The token is checked later, with
 * the report's content.
 */
export function isBounceRecipient(bounceAddress: string, recipient: string): boolean {
  const [ours, given] = [bounceAddress.toLowerCase(), recipient.toLowerCase()]
  const at = ours.lastIndexOf('@')
  const isOfOurs = given.startsWith(`${ours.slice(0, at)}+`) && given.endsWith(ours.slice(at))
  return given === ours || (isOfOurs && tokenOfReturnPath(given) !== undefined)
}
