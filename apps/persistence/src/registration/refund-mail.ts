import type { MailRefundRequest } from '@emailauth/contracts/registrations'
import { readStoredAddress } from '../addresses/address.ts'
import type { FindIdentity } from '../store/find-identity.ts'
import { digests, nowArgument, runRule, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'
import { CREATED_AT } from './register-reply.ts'
import { resendName } from './resend.ts'

/**
 * Gives the address's limit the mail of a register or resend back that was never asked of the mailer. The
 * call can then be made again at once, and is counted anew, also under the same idempotency key.
 * @returns false: it stays counted, because the call was repeated, was refunded before, or is too long ago
 */
export type RefundMail = (request: MailRefundRequest, deadline?: number) => Promise<boolean>

export function createRefundMail(context: StoreContext, find: FindIdentity): RefundMail {
  return async ({ tenantId, identityId, operation, ...names }, deadline) => {
    const found = await find.byId(identityId)
    if (found === undefined || found.location.tenantId !== tenantId) return false
    const address = readStoredAddress(found.record.email)
    const isRegister = operation === 'register'
    const args = {
      now: nowArgument(context),
      // Lua counts from 1. The kept reply of a resend begins with its moment.
      momentAt: isRegister ? CREATED_AT + 1 : 1,
      each: context.ring.keys.map((key) => ({
        request: isRegister
          ? digests.request(key, operation, tenantId, names)
          : resendName(key, tenantId, { identityId, requestId: names.requestId }),
        canonical: digests.address(key, tenantId, address.canonical),
      })),
    }
    return (await runRule(context, scripts.refundMail, found.location, args, deadline)) === 'refunded'
  }
}
