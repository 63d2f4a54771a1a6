import { constantTimeEqual } from '@emailauth/secrets/digest'
import type { KeyRing, RingKey } from '@emailauth/secrets/key-ring'
import { readBase32, writeBase32 } from './base32.ts'
import { type MessageToken, macOf } from './message-token.ts'

// The envelope sender of a message (VERP):  bounces+<base32 of the message's digest, 24 bytes, and a MAC, 8 bytes>@…
// Only lower case and digits, because mail servers change case. The tenant is not in it, because a local part has 64 bytes;
// it is found by the digest while the message's state is kept, and afterwards the returned mail's Message-ID still has it.

/** RFC 5321, 4.5.3.1.1 */
const LOCAL_MAX = 64
const DIGEST_BYTES = 24
const MAC_BYTES = 8
const FORM = /^[a-z2-7]{52}$/i

/** How long the local part of a bounce address may be, so that a token fits behind it. */
export const BOUNCE_LOCAL_MAX = LOCAL_MAX - '+'.length - 52

/** The return path of one message. */
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

/** The token in a return path as it came back, whatever the bounce address is; undefined when there is none. */
export function tokenOfReturnPath(address: string): string | undefined {
  const token = /^[^@]*?\+([^@+]+)@[^@]+$/.exec(address)?.[1] ?? ''
  return FORM.test(token) ? token.toLowerCase() : undefined
}

/** What a token of a return path says; it vouches for nothing before {@link isReturnTokenOf}. */
export function digestOfReturnToken(token: string): string | undefined {
  const bytes = FORM.test(token) ? readBase32(token) : undefined
  return bytes?.subarray(0, DIGEST_BYTES).toString('base64url')
}

/** Whether the token was given out for this message to this address. */
export function isReturnTokenOf(
  ring: KeyRing,
  token: string,
  sent: MessageToken & { readonly email: string },
): boolean {
  const mac = readBase32(token)?.subarray(DIGEST_BYTES).toString('hex') ?? ''
  return ring.keys.some((key) => constantTimeEqual(mac, macOf(key, sent, MAC_BYTES).toString('hex')))
}

/**
 * Whether mail to this address is for the bounce address or one of its return paths. Whose token it is shows only when the
 * report has been read.
 */
export function isBounceRecipient(bounceAddress: string, recipient: string): boolean {
  const [ours, given] = [bounceAddress.toLowerCase(), recipient.toLowerCase()]
  const at = ours.lastIndexOf('@')
  const isOfOurs = given.startsWith(`${ours.slice(0, at)}+`) && given.endsWith(ours.slice(at))
  return given === ours || (isOfOurs && tokenOfReturnPath(given) !== undefined)
}
