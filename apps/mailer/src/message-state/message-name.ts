import { hash } from 'node:crypto'

/** Identifies a message. The id is unique only within its identity. */
export interface MessageName {
  readonly identityId: string
  readonly messageId: string
}

/** A name as one string, for list members and queue jobs. The first message of an identity has its id. */
export function writeName({ identityId, messageId }: MessageName): string {
  return messageId === identityId ? identityId : `${identityId} ${messageId}`
}

/** Reads what {@link writeName} wrote. */
export function readName(text: string): MessageName {
  const space = text.indexOf(' ')
  if (space < 0) return { identityId: text, messageId: text }
  return { identityId: text.slice(0, space), messageId: text.slice(space + 1) }
}

/** Characters of a state's key: 132 bits. */
const STATE_KEY_LENGTH = 22

/** The key of the state of an identity's messages, within a partition (lua/partition.lua). */
export function stateKeyOf(identityId: string): string {
  return stateKeyOfDigest(digestOf({ identityId, messageId: identityId }))
}

/** The key of the state that has this digest's message, if it is the first one of an identity. */
export function stateKeyOfDigest(digest: string): string {
  return digest.slice(0, STATE_KEY_LENGTH)
}

// A message needs its digest several times within some milliseconds.
const digests = new Map<string, string>()
const DIGESTS_KEPT = 1000

/** A digest that all mailers compute alike. It hides the identity's id, which `verify` may use. */
export function digestOf(name: MessageName): string {
  const text = writeName(name)
  const known = digests.get(text)
  if (known !== undefined) return known
  const digest = hash('sha256', text, 'base64url').slice(0, 32)
  if (digests.size >= DIGESTS_KEPT) digests.clear()
  digests.set(text, digest)
  return digest
}
