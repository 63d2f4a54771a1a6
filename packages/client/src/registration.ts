import type { Call, RequestOptions } from './call.ts'
import { REGISTER, RESEND } from './generated/documents.ts'
import type { EmailRejected, IdentityNotFound, RateLimited, Registered } from './generated/objects.ts'
import type { RegisterInput } from './generated/operations.ts'

/** What `register` answers. */
export type RegisterResult = Registered | EmailRejected | RateLimited
/** What `resend` answers. */
export type ResendResult = Registered | EmailRejected | RateLimited | IdentityNotFound

export function registrationCalls(call: Call) {
  return {
    register: (input: RegisterInput, options?: RequestOptions) =>
      call.repeatable<RegisterResult>('register', REGISTER, input, options),
    resend: (identityId: string, options?: RequestOptions) =>
      call.once<ResendResult>('resend', RESEND, { input: { identityId } }, options),
  }
}
