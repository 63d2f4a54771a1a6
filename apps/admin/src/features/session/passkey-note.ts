import { storedText } from '../../lib/browser-storage.ts'

/**
 * Remembers that this browser has used a passkey, so that sign-in offers it first. Browsers do not reveal
 * that.
 */
export const passkeyNote = storedText(() => localStorage, 'emailauth.passkey')
