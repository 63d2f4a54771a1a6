import { PASSKEY_CHALLENGE_SECONDS } from '@emailauth/contracts/passkeys'
import type { Cookies } from '../access/cookies.ts'
import { createBrowserSeal } from './browser-seal.ts'

/** What a browser has to sign, and for which ceremony. */
export interface Challenge {
  readonly ceremony: 'register' | 'sign-in'
  readonly challenge: string
  readonly email?: string
  readonly madeAtMs: number
}

/** The challenge of a browser, sealed into its cookie. */
export interface PasskeyChallenges {
  keep(challenge: Omit<Challenge, 'madeAtMs'>, cookies: Cookies): void
  /** The challenge of this browser. Its cookie is cleared in any case. */
  take(ceremony: Challenge['ceremony'], cookies: Cookies): Challenge | undefined
}

/** @param now Unix milliseconds */
export function createPasskeyChallenges(
  serviceTokens: readonly string[],
  now: () => number,
): PasskeyChallenges {
  const browserSeal = createBrowserSeal<Challenge>({
    purpose: 'passkey challenge',
    serviceTokens,
    maxAgeSeconds: PASSKEY_CHALLENGE_SECONDS,
    now,
  })
  return {
    keep(challenge, cookies) {
      const sealed = browserSeal.seal({ ...challenge, madeAtMs: now() })
      cookies.write('passkey', sealed, PASSKEY_CHALLENGE_SECONDS)
    },
    take(ceremony, cookies) {
      const challenge = browserSeal.open(cookies.read('passkey'))
      cookies.clear('passkey')
      return challenge?.ceremony === ceremony ? challenge : undefined
    },
  }
}
