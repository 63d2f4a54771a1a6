import { TEST_TTL_MIN_SECONDS, TTL_MAX_SECONDS, TTL_MIN_SECONDS } from '@emailauth/contracts/common'
import { thousands } from '@emailauth/contracts/thousands'

/**
 * Why this life of a number is invalid, as a sentence without its subject. undefined: it is valid.
 * @param mayBeShort for test tenants in development, so that tests need not wait a minute.
 */
export function lifeFault(mayBeShort: boolean, seconds: number): string | undefined {
  const least = mayBeShort ? TEST_TTL_MIN_SECONDS : TTL_MIN_SECONDS
  if (seconds >= least && seconds <= TTL_MAX_SECONDS) return undefined
  return `must be ${least} to ${thousands(TTL_MAX_SECONDS)} seconds.`
}
