import { BOUNCE_LOCAL_MAX } from '../message-tokens/return-path.ts'
import { parseMailbox } from '../mime/mailbox.ts'

/**
 * Reads `EMAILAUTH_BOUNCE_ADDRESS`.
 * @throws {Error} with a sentence. An address is also refused when its local part leaves no room for a token,
 * or contains the token's "+".
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
