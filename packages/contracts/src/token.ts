import { TOKEN_MAX_BYTES } from './common.ts'
import { thousands } from './thousands.ts'

/** The rule of {@link isToken} as help for people, to follow the name of a field. */
export const TOKEN_RULE = `must be 1 to ${thousands(TOKEN_MAX_BYTES)} bytes of well-formed text (UTF-8).`

// A lone surrogate has no UTF-8 form, so it could not come back as it went in.
const LONE_SURROGATE = /\p{Surrogate}/u

/** Whether a token can be kept and handed back: 1 to 4,096 bytes of well-formed UTF-8. */
export function isToken(token: string): boolean {
  return token !== '' && Buffer.byteLength(token) <= TOKEN_MAX_BYTES && !LONE_SURROGATE.test(token)
}
