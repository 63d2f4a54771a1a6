import { REPLAY_SECONDS } from '@emailauth/contracts/common'
import { mailLocales } from '@emailauth/contracts/mail-locales'
import { IDENTITY_NOT_FOUND, toProblem } from '@emailauth/contracts/problems'
import type { RegistrationResult, ResendRequest } from '@emailauth/contracts/registrations'
import type { Tenant } from '@emailauth/contracts/tenants'
import type { RingKey } from '@emailauth/secrets/key-ring'
import { readStoredAddress } from '../addresses/address.ts'
import { limited } from '../limits/limited.ts'
import { ratesOf } from '../limits/rates.ts'
import { sealDetail } from '../store/event-detail.ts'
import type { FindIdentity } from '../store/find-identity.ts'
import { digests, nowArgument, runRule, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'
import { readTestAddress } from '../test-mode/test-address.ts'
import { provokedLimit } from '../test-mode/test-limits.ts'

/** Returns the same number again, for another mail. Tries and expiry stay the same. */
export type Resend = (
  tenant: Tenant,
  request: ResendRequest,
  deadline?: number,
) => Promise<RegistrationResult>

/** The name of a call in its rule. */
export const resendName = (
  key: RingKey,
  tenantId: string,
  { identityId, requestId }: Pick<ResendRequest, 'identityId' | 'requestId'>,
) => digests.requestFor(key, 'resend', `${tenantId}\n${identityId}\n${requestId}`)

export function createResend(context: StoreContext, find: FindIdentity): Resend {
  const notFound = () => ({ problem: toProblem('identity-not-found', IDENTITY_NOT_FOUND) })

  return async (tenant, { identityId, requestId }, deadline) => {
    const found = await find.byId(identityId)
    if (found === undefined || found.location.tenantId !== tenant.id) return notFound()
    const { location, record } = found
    const address = readStoredAddress(record.email)
    const test = readTestAddress(tenant, address.key)
    const provoked = provokedLimit('resend', test)
    if (provoked !== undefined) return { problem: provoked }
    const args = {
      now: nowArgument(context),
      keptMs: REPLAY_SECONDS * 1000,
      mailRates: test === undefined ? ratesOf(tenant.settings, context.partitions).mailsPerAddress : '',
      member: location.member,
      detail: sealDetail(context.ring, location, { email: record.email, requestId }),
      each: context.ring.keys.map((key) => ({
        request: resendName(key, tenant.id, { identityId, requestId }),
        canonical: digests.address(key, tenant.id, address.canonical),
      })),
    }
    const reply = await runRule(context, scripts.resend, location, args, deadline)
    switch (reply.kind) {
      case 'gone':
        return notFound()
      case 'limited':
        return { problem: limited(reply) }
      case 'resent':
        return {
          registration: {
            identityId,
            email: record.email,
            number: record.number,
            locale: mailLocales(record.locale, tenant.settings.locale),
            createdAt: new Date(record.createdAtMs).toISOString(),
            expiresAt: new Date(record.expiresAtMs).toISOString(),
            replaced: false,
            replacedIdentityId: null,
            messageId: `${identityId}.${reply.moment}`,
            ...(test === undefined ? {} : { testDelivery: test.delivery }),
          },
        }
    }
  }
}
