import { parseMailbox } from '../smtp/mailbox.ts'
import { BOUNCE_LOCAL_MAX } from './return-path.ts'

/**
 * Reads `EMAILAUTH_BOUNCE_ADDRESS`.
 * @throws {Error} with a sentence, also when no token would fit behind its local part, or it has a token's "+" already.
 */
export function parseBounceAddress(text: string): string {
  const { address } = parseMailbox(text)
  const local = address.slice(0, address.lastIndexOf('@'))
  if (local.length > BOUNCE_LOCAL_MAX || local.includes('+'))
    throw new Error(
      `must have at most ${BOUNCE_LOCAL_MAX} characters before the "@" and no "+", because +token is added: bounces@bounces.example.com`,
    )
  return address
}
