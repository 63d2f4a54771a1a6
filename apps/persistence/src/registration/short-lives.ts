import { toProblem } from '@emailauth/contracts/problems'
import { lifeFault } from '../numbers/number-life.ts'
import type { StoreContext } from '../store/partition.ts'
import type { Register } from './register.ts'

/** Wraps register. It refuses a life of the number that the tenant does not allow. */
export function refusingShortLives(context: StoreContext, register: Register): Register {
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
