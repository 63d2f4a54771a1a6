import { tenantId as tenantIdShape } from '@emailauth/contracts/common'
import { emailKey } from '@emailauth/contracts/email-address'
import { constantTimeEqual, digest } from '@emailauth/secrets/digest'
import type { KeyRing, RingKey } from '@emailauth/secrets/key-ring'

// The part of a Message-ID before "@" is <digest of the message, 32>.<MAC, 12>.<tenant id>.
// The MAC covers tenant, address and message, so a bounce counts only for a message that was sent, and for
// its address.
// The token does not contain the address, so the bounce itself must name it.

/** The facts that a token proves. */
export interface MessageToken {
  /** Identifies the message (message-state/message-name.ts). */
  readonly digest: string
  readonly tenantId: string
}

/** 72 bits. A guess costs a signed call, and the header stays within 78 characters. */
const MAC_BYTES = 9
const FORM = /^([A-Za-z0-9_-]{32})\.([A-Za-z0-9_-]{12})\.([a-z0-9-]+)$/

/** Writes the token of a message to this address. */
export function writeMessageToken(key: RingKey, sent: MessageToken & { readonly email: string }): string {
  return `${sent.digest}.${macText(key, sent)}.${sent.tenantId}`
}

/**
 * Reads a token from a bounce. Returns undefined when it was not issued for this address: wrong form, tenant
 * or address, or a key that has left the ring.
 */
export function readMessageToken(ring: KeyRing, token: string, email: string): MessageToken | undefined {
  const [, name, mac, tenantId] = FORM.exec(token) ?? []
  if (name === undefined || mac === undefined || tenantId === undefined) return undefined
  if (!tenantIdShape.safeParse(tenantId).success) return undefined
  const sent = { digest: name, tenantId, email }
  return ring.keys.some((key) => constantTimeEqual(mac, macText(key, sent)))
    ? { digest: name, tenantId }
    : undefined
}

const macText = (key: RingKey, sent: MessageToken & { readonly email: string }) =>
  macOf(key, sent, MAC_BYTES).toString('base64url')

/** Proves in this many bytes that a message was sent to this address. */
export function macOf(
  key: RingKey,
  { digest: name, tenantId, email }: MessageToken & { readonly email: string },
  bytes: number,
): Buffer {
  return digest(key, 'message-token', `${tenantId}\n${name}\n${emailKey(email)}`, bytes)
}
