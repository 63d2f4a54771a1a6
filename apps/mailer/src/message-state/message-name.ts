import { hash } from 'node:crypto'

/** Identifies a message. The id is unique only within its identity. */
export interface MessageName {
  readonly identityId: string
  readonly messageId: string
}

/** A name as one string, for list members and queue jobs. */
export function writeName({ identityId, messageId }: MessageName): string {
  return `${identityId} ${messageId}`
}

/** A text without a blank names the message whose id is its identity's. */
export function readName(text: string): MessageName {
  const space = text.indexOf(' ')
  if (space < 0) return { identityId: text, messageId: text }
  return { identityId: text.slice(0, space), messageId: text.slice(space + 1) }
}

/** A digest that all mailers compute alike. It hides the identity's id, which `verify` may use. */
export function digestOf(name: MessageName): string {
  return hash('sha256', writeName(name), 'base64url').slice(0, 32)
}
