import { storedText } from '../../lib/browser-storage.ts'

/** Notes that this browser has used a passkey, so that the sign-in page offers it first; a browser tells nobody before. */
export const passkeyNote = storedText(() => localStorage, 'emailauth.passkey')
