import { toProblem } from '@emailauth/contracts/problems'
import type { Register } from '../registration/register.ts'
import type { Store } from '../store.ts'
import { lifeFault } from './number-life.ts'

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
