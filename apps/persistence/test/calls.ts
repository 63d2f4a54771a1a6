import { randomUUID } from 'node:crypto'
import type { ProblemCode } from '@emailauth/contracts/problems'
import type { Registration, RegistrationRequest } from '@emailauth/contracts/registrations'
import type { Tenant } from '@emailauth/contracts/tenants'
import type { VerificationRequest, VerificationResult } from '@emailauth/contracts/verifications'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { expect } from 'vitest'
import type { Store } from '../src/open-store.ts'
import { storeFault } from '../src/store/faults.ts'

/** A new registration, which has its number. */
export type Registered = Registration & { readonly number: string }

/** A request to register, with a new request id. */
export function registration(
  tenant: Tenant,
  request: Partial<RegistrationRequest> = {},
): RegistrationRequest {
  return {
    tenantId: tenant.id,
    requestId: randomUUID(),
    email: 'ada@example.com',
    token: 'a token',
    ...request,
  }
}

export async function register(
  store: Store,
  tenant: Tenant,
  request: Partial<RegistrationRequest> = {},
): Promise<Registered> {
  const result = await store.register(tenant, registration(tenant, request))
  if ('problem' in result) throw new Error(`${result.problem.code}: ${result.problem.detail}`)
  const { number } = result.registration
  if (number === null) throw new Error('The identity is gone.')
  return { ...result.registration, number }
}

export function verify(
  store: Store,
  tenant: Tenant,
  number: string,
  request: Partial<VerificationRequest> = {},
): Promise<VerificationResult> {
  return store.verify(tenant, { tenantId: tenant.id, requestId: randomUUID(), number, ...request })
}

/** The problem of an invalid number. */
export const WRONG = { problem: expect.objectContaining({ code: 'wrong-credentials' }) }

/** The problem of a call that a limit stops. */
export const limited = (limit: string, retryAfterSeconds: number) => ({
  problem: expect.objectContaining({ code: 'rate-limited', limit, retryAfterSeconds }),
})

/** The outcome of a call: a token, the code of its problem, or the code of the error that it threw. */
export async function outcome(call: Promise<VerificationResult>): Promise<'verified' | ProblemCode> {
  try {
    const result = await call
    return 'problem' in result ? result.problem.code : 'verified'
  } catch (error) {
    return faultCode(error)
  }
}

/**
 * The problem code of a thrown error.
 * @throws the error itself when it would be an internal one
 */
export function faultCode(error: unknown): ProblemCode {
  const known = error instanceof ProblemError ? error : storeFault(error)
  if (known === undefined) throw error
  return known.problem.code
}
