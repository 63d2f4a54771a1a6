import { type ClientNetwork, clientNetwork } from '@emailauth/contracts/client-network'
import { type Problem, toProblem } from '@emailauth/contracts/problems'
import type { RegistrationRequest } from '@emailauth/contracts/registrations'
import type { Tenant } from '@emailauth/contracts/tenants'
import { isToken, TOKEN_RULE } from '@emailauth/contracts/token'
import { type Address, readAddress } from '../addresses/address.ts'
import { partitionOfAddress, type StoreContext } from '../store/partition.ts'
import { readTestAddress, type TestAddress } from '../test-mode/test-address.ts'
import { provokedLimit } from '../test-mode/test-limits.ts'

/** A valid request. */
export interface RegisterCall {
  readonly tenant: Tenant
  readonly request: RegistrationRequest
  readonly address: Address
  /** undefined: the caller gave none, or no limit counts this call. */
  readonly client: ClientNetwork | undefined
  readonly partition: number
  readonly ttlSeconds: number
  readonly locale: string | null
  /** Set for a reserved address of a test tenant. Then no limit counts the call. */
  readonly test: TestAddress | undefined
  /** Two calls with the same input are the same call. */
  readonly input: readonly unknown[]
}

/** A generated number, and the identity's member (number digest and salt). */
export interface GeneratedNumber {
  readonly number: string
  readonly digits: number
  readonly member: Buffer
}

/** Reads a request, or answers the problem with it. */
export function readRegisterCall(
  context: StoreContext,
  tenant: Tenant,
  request: RegistrationRequest,
): RegisterCall | { problem: Problem } {
  const address = readAddress(request.email)
  if ('fault' in address) return { problem: toProblem('bad-input', address.fault, { field: 'email' }) }
  const fault = tokenFault(request.token)
  if (fault !== undefined) return { problem: fault }
  const ttlSeconds = request.expiresInSeconds ?? tenant.settings.ttlSeconds
  const test = readTestAddress(tenant, address.key)
  const provoked = provokedLimit('register', test)
  if (provoked !== undefined) return { problem: provoked }
  const locale = request.locale ?? null
  const client = request.clientIp === undefined ? undefined : clientNetwork(request.clientIp)
  return {
    tenant,
    request,
    address,
    client: test === undefined ? client : undefined,
    partition: partitionOfAddress(context, address),
    ttlSeconds,
    locale,
    test,
    input: [address.key, request.token, locale, ttlSeconds, client?.network ?? null],
  }
}

function tokenFault(token: string): Problem | undefined {
  return isToken(token) ? undefined : toProblem('bad-input', `token ${TOKEN_RULE}`, { field: 'token' })
}
