import { TEST_TTL_MIN_SECONDS, TTL_MAX_SECONDS, TTL_MIN_SECONDS } from '@emailauth/contracts/common'
import { toProblem } from '@emailauth/contracts/problems'
import type { Register } from '../registration/register.ts'
import type { Store } from '../store.ts'

/**
 * Why a number cannot live so long, as a sentence without its subject; undefined when it can.
 * @param mayBeShort for a test tenant in development, whose tests need not wait a minute.
 */
export function lifeFault(mayBeShort: boolean, seconds: number): string | undefined {
  const least = mayBeShort ? TEST_TTL_MIN_SECONDS : TTL_MIN_SECONDS
  if (seconds >= least && seconds <= TTL_MAX_SECONDS) return undefined
  return `must be ${least} to ${TTL_MAX_SECONDS.toLocaleString('en')} seconds.`
}

/** Registers, but for calls whose number would not live as long as its tenant's must. */
export function refusingShortLives({ register, context }: Pick<Store, 'register' | 'context'>): Register {
  return (tenant, request, deadline) => {
    const { expiresInSeconds } = request
    const fault =
      expiresInSeconds === undefined
        ? undefined
        : lifeFault(tenant.testMode && context.allowShortLives, expiresInSeconds)
    if (fault === undefined) return register(tenant, request, deadline)
    const detail = `expiresInSeconds ${fault}`
    return Promise.resolve({ problem: toProblem('bad-input', detail, { field: 'expiresInSeconds' }) })
  }
}
