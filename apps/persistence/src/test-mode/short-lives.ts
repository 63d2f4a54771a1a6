import { toProblem } from '@emailauth/contracts/problems'
import type { Register } from '../registration/register.ts'
import type { Store } from '../store.ts'
import { lifeFault } from './number-life.ts'

/** Wraps register. It refuses a life of the number that the tenant does not allow. */
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
