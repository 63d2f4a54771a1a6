import { mailLocales } from '@emailauth/contracts/mail-locales'
import type { Registration, RegistrationResult } from '@emailauth/contracts/registrations'
import { conflict } from '../limits/claim.ts'
import { limited } from '../limits/limited.ts'
import { toIdentityId } from '../store/identity-id.ts'
import { MEMBER_BYTES, openRecord } from '../store/identity-record.ts'
import type { StoreContext } from '../store/partition.ts'
import type { RegisterReply } from '../store/replies.ts'
import type { GeneratedNumber, RegisterCall } from './register-call.ts'

// The kept reply: fingerprint 16 bytes | member 16 | createdAt 8 | expiresAt 8 | replaced member 16 or 0. A
// byte behind it says that the call was repeated.
const MEMBER_AT = 16
export const CREATED_AT = MEMBER_AT + MEMBER_BYTES
const EXPIRES_AT = CREATED_AT + 8
const REPLACED_AT = EXPIRES_AT + 8

/** The result of a registration whose number was free. */
export function readRegisterReply(
  context: StoreContext,
  call: RegisterCall,
  generated: GeneratedNumber,
  reply: RegisterReply,
): RegistrationResult {
  switch (reply.kind) {
    case 'registered': {
      const { createdAtMs, expiresAtMs, replaced } = reply
      return {
        registration: toRegistration(context, call, {
          member: generated.member,
          number: generated.number,
          createdAtMs,
          expiresAtMs,
          replaced,
        }),
      }
    }
    case 'replayed': {
      const { kept, record } = reply
      const member = kept.subarray(MEMBER_AT, CREATED_AT)
      return {
        registration: toRegistration(context, call, {
          member,
          number:
            record.length === 0 ? null : openRecord(context.ring, call.tenant.id, member, record).number,
          createdAtMs: kept.readDoubleBE(CREATED_AT),
          expiresAtMs: kept.readDoubleBE(EXPIRES_AT),
          replaced: kept.subarray(REPLACED_AT, REPLACED_AT + MEMBER_BYTES),
        }),
      }
    }
    case 'limited':
      return { problem: limited(reply) }
    case 'conflict':
      return { problem: conflict('register') }
    default:
      throw new Error(`No result of a register rule that replied ${reply.kind}.`)
  }
}

interface Registered {
  readonly member: Buffer
  /** null: this reply was replayed, and its identity has ended since. */
  readonly number: string | null
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly replaced: Buffer
}

/** Writes a time. The calls of a run share theirs, so the last one is remembered. */
function createIsoTime(): (ms: number) => string {
  let lastMs: number | undefined
  let last = ''
  return (ms) => {
    if (ms !== lastMs) {
      last = new Date(ms).toISOString()
      lastMs = ms
    }
    return last
  }
}
const createdAt = createIsoTime()
const expiresAt = createIsoTime()

function toRegistration(
  context: StoreContext,
  { tenant, partition, address, locale, test }: RegisterCall,
  made: Registered,
): Registration {
  const identityId = toIdentityId(context, { tenantId: tenant.id, partition, member: made.member })
  const replaced = made.replaced.length === MEMBER_BYTES
  return {
    identityId,
    email: address.email,
    number: made.number,
    locale: mailLocales(locale, tenant.settings.locale),
    createdAt: createdAt(made.createdAtMs),
    expiresAt: expiresAt(made.expiresAtMs),
    replaced,
    replacedIdentityId: replaced
      ? toIdentityId(context, { tenantId: tenant.id, partition, member: made.replaced })
      : null,
    messageId: identityId,
    ...(test === undefined ? {} : { testDelivery: test.delivery }),
  }
}
