import type { Call, RequestOptions } from './call.ts'
import { VERIFY } from './generated/documents.ts'
import type { RateLimited, Verified, WrongCredentials } from './generated/objects.ts'
import type { VerifyInput } from './generated/operations.ts'

/** What `verify` answers. */
export type VerifyResult = Verified | WrongCredentials | RateLimited

export function verificationCalls(call: Call) {
  return {
    verify: (input: VerifyInput, options?: RequestOptions) =>
      call.repeatable<VerifyResult>('verify', VERIFY, input, options),
  }
}
