import { hash } from 'node:crypto'

/** Names a message. The id is unique among its identity's messages only. */
export interface MessageName {
  readonly identityId: string
  readonly messageId: string
}

/** One word for a name: members of lists, data of queue jobs. */
export function writeName({ identityId, messageId }: MessageName): string {
  return `${identityId} ${messageId}`
}

export function readName(text: string): MessageName {
  const space = text.indexOf(' ')
  return { identityId: text.slice(0, space), messageId: text.slice(space + 1) }
}

/** Equal for the same message on all mailers, and reveals nothing: `verify` may use the identity's id. */
export function digestOf(name: MessageName): string {
  return hash('sha256', writeName(name), 'base64url').slice(0, 32)
}
