import type { Call, RequestOptions } from './call.ts'
import { EXCHANGE, VERIFY } from './generated/documents.ts'
import type { RateLimited, Verified, WrongCredentials } from './generated/objects.ts'
import type { ExchangeInput, VerifyInput } from './generated/operations.ts'

/** What `verify` and `exchange` answer. */
export type VerifyResult = Verified | WrongCredentials | RateLimited

export function verificationCalls(call: Call) {
  return {
    verify: (input: VerifyInput, options?: RequestOptions) =>
      call.repeatable<VerifyResult>('verify', VERIFY, input, options),
    exchange: (input: ExchangeInput, options?: RequestOptions) =>
      call.repeatable<VerifyResult>('exchange', EXCHANGE, input, options),
  }
}
