import { randomBytes } from 'node:crypto'
import type { Cookies } from '../access/cookies.ts'
import { createBrowserSeal } from './browser-seal.ts'

/** Browsers in which an admin has signed in. Each has a mail budget that strangers cannot use up. */
export interface KnownBrowsers {
  /**
   * This browser's name, if this admin has signed in with it. It grants a mail budget of its own, nothing
   * else.
   */
  find(email: string, cookies: Cookies): string | undefined
  /** Remembers it, after a sign-in. */
  remember(email: string, cookies: Cookies): void
}

interface KnownBrowser {
  readonly email: string
  readonly device: string
  readonly madeAtMs: number
}

const DEVICE_SECONDS = 180 * 86_400
const DEVICE_BYTES = 16

/**
 * A browser keeps the proof in a sealed cookie for half a year, so the services keep nothing.
 * @param now Unix milliseconds
 */
export function createKnownBrowsers(
  serviceTokens: readonly string[],
  now: () => number = Date.now,
): KnownBrowsers {
  const sealing = createBrowserSeal<KnownBrowser>({
    purpose: 'known browser',
    serviceTokens,
    maxAgeSeconds: DEVICE_SECONDS,
    now,
  })
  const find = (email: string, cookies: Cookies) => {
    const known = sealing.open(cookies.read('device'))
    return known?.email === email ? known.device : undefined
  }
  return {
    find,
    remember(email, cookies) {
      const device = find(email, cookies) ?? randomBytes(DEVICE_BYTES).toString('base64url')
      cookies.write('device', sealing.seal({ email, device, madeAtMs: now() }), DEVICE_SECONDS)
    },
  }
}
