import type { ExchangeInput, RegisterInput, VerifyInput } from '../client.ts'
import type { ResendResult } from '../registration.ts'
import type { createFakeEvents } from './fake-events.ts'
import type { createFakeStore, FakeIdentity } from './fake-store.ts'
import { invalid } from './fake-webhook-input.ts'

/** How long a result of the hosted page can be exchanged. */
const RESULT_MS = 120_000
const LONE_SURROGATE = /\p{Surrogate}/u
const WRONG_RESULT = 'This result is not valid.'
const IDENTITY_NOT_FOUND = 'No live identity has this id; register again.'

interface FakeRegistrationOptions {
  readonly now: () => number
  readonly tenantId: string
  readonly store: ReturnType<typeof createFakeStore>
  readonly feed: Pick<ReturnType<typeof createFakeEvents>, 'add'>
}

/** The fake's `register`, `resend`, `verify` and `exchange`, and its hosted page. */
export function createFakeRegistrations({ now, tenantId, store, feed }: FakeRegistrationOptions) {
  function registered(identity: FakeIdentity, replaced: boolean) {
    return {
      __typename: 'Registered',
      identityId: identity.id,
      email: identity.email,
      expiresAt: new Date(identity.expiresAt).toISOString(),
      delivery: 'SENT',
      replaced,
    } as const
  }

  function register(input: RegisterInput) {
    const bytes = new TextEncoder().encode(input.token).length
    if (bytes < 1 || bytes > 4096 || LONE_SURROGATE.test(input.token))
      throw invalid('token', 'must be 1 to 4,096 bytes of well-formed text (UTF-8).')
    const seconds = input.expiresInSeconds ?? 600
    if (!Number.isInteger(seconds) || seconds < 60 || seconds > 86_400) {
      throw invalid('expiresInSeconds', 'must be 60 to 86,400 seconds.')
    }
    const email = store.readAddress(input.email)
    if (email === undefined) throw invalid('email', 'must be an address such as ada@example.com.')
    const refusal = store.admit(email)
    if (refusal !== undefined) return refusal
    const { identity, replaced } = store.add(tenantId, email, input.token, seconds)
    if (replaced !== undefined) feed.add('REPLACED', { identityId: replaced.id })
    feed.add('REGISTERED', { identityId: identity.id, email })
    feed.add('SENT', { identityId: identity.id })
    return registered(identity, replaced !== undefined)
  }

  function resend(identityId: string): ResendResult {
    const identity = store.find(identityId)
    if (identity === undefined)
      return { __typename: 'IdentityNotFound', code: 'IDENTITY_NOT_FOUND', message: IDENTITY_NOT_FOUND }
    const refusal = store.admit(identity.email)
    if (refusal !== undefined) return refusal
    feed.add('RESENT', { identityId, email: identity.email })
    return registered(identity, false)
  }

  function verify(input: VerifyInput) {
    const email = input.email ? store.readAddress(input.email) : undefined
    const identity = store.take(input.number, (found) => {
      if (input.identityId && found.id !== input.identityId) return false
      return !input.email || (email !== undefined && found.email.toLowerCase() === email.toLowerCase())
    })
    if (identity === undefined) {
      feed.add('MISSED', {})
      const message = 'The number is not valid, or not any more.'
      return { __typename: 'WrongCredentials', code: 'WRONG_CREDENTIALS', message } as const
    }
    feed.add('VERIFIED', { identityId: identity.id })
    const registeredAt = new Date(identity.createdAt).toISOString()
    return {
      __typename: 'Verified',
      identityId: identity.id,
      email: identity.email,
      token: identity.token,
      registeredAt,
    } as const
  }

  const results = new Map<string, { readonly verified: ReturnType<typeof verify>; readonly until: number }>()

  function typeOnPage(identityId: string, number: string): string | undefined {
    const verified = verify({ identityId, number })
    if (verified.__typename !== 'Verified') return undefined
    const result = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .slice(0, 43)
    results.set(`${identityId} ${result}`, { verified, until: now() + RESULT_MS })
    return result
  }

  function exchange({ identityId, result }: ExchangeInput) {
    const name = `${identityId} ${result}`
    const found = results.get(name)
    results.delete(name)
    if (found !== undefined && now() < found.until) return found.verified
    return { __typename: 'WrongCredentials', code: 'WRONG_CREDENTIALS', message: WRONG_RESULT } as const
  }

  return { register, resend, verify, typeOnPage, exchange }
}
