import type { LimitKind, Problem } from '@emailauth/contracts/problems'
import { TEST_RETRY_AFTER_SECONDS, type TestTag } from '@emailauth/contracts/test-mode'
import { limited } from '../limits/limited.ts'
import type { TestAddress } from './test-address.ts'

type Operation = 'register' | 'resend' | 'verify'

const PROVOKED: Partial<Record<TestTag, { readonly operation: Operation; readonly limit: LimitKind }>> = {
  limited: { operation: 'register', limit: 'email' },
  'limited-client-ip': { operation: 'register', limit: 'client-ip' },
  'limited-tenant': { operation: 'register', limit: 'tenant' },
  'resend-limited': { operation: 'resend', limit: 'email' },
  'verify-limited': { operation: 'verify', limit: 'client-ip' },
}

/** The problem that a tag of a reserved address provokes, if any. */
export function provokedLimit(operation: Operation, test: TestAddress | undefined): Problem | undefined {
  for (const tag of test?.tags ?? []) {
    const provoked = PROVOKED[tag]
    if (provoked?.operation === operation)
      return limited({ limit: provoked.limit, seconds: TEST_RETRY_AFTER_SECONDS })
  }
  return undefined
}
