import { REPLAY_SECONDS } from '@emailauth/contracts/common'
import { toProblem } from '@emailauth/contracts/problems'
import type { RegistrationResult, ResendRequest } from '@emailauth/contracts/registrations'
import type { Tenant } from '@emailauth/contracts/tenants'
import { sealDetail } from '../events/event-detail.ts'
import type { FindIdentity } from '../identities/find.ts'
import { digests, type IdentitySpace, nowArgument, runRule } from '../identities/identity-space.ts'
import { limited } from '../limits/limited.ts'
import { ratesOf } from '../limits/rates.ts'
import { scripts } from '../redis/scripts.ts'
import { readAddress } from './address.ts'

/** Gives the same number out once more, to be mailed again; tries and expiry stay as they are. */
export type Resend = (
  tenant: Tenant,
  request: ResendRequest,
  notAfter?: number,
) => Promise<RegistrationResult>

export function createResend(space: IdentitySpace, find: FindIdentity): Resend {
  const notFound = () => ({
    problem: toProblem('identity-not-found', 'There is no live identity with this id; register again.'),
  })

  return async (tenant, { identityId, requestId }, notAfter) => {
    const found = await find.byId(identityId)
    if (found === undefined || found.place.tenantId !== tenant.id) return notFound()
    const { place, record } = found
    const address = readAddress(record.email)
    if ('fault' in address) throw new Error('A stored address cannot be read any more.')
    const args = [
      nowArgument(space),
      REPLAY_SECONDS * 1000,
      ratesOf(tenant.settings).mailsPerAddress,
      place.member,
      sealDetail(space.ring, place, { email: record.email }),
      ...space.ring.keys.flatMap((key) => [
        digests.request(key, 'resend', `${tenant.id}\n${identityId}\n${requestId}`),
        digests.address(key, tenant.id, address.canonical),
      ]),
    ]
    const reply = await runRule(space, scripts.resend, place, args, notAfter)
    switch (reply[0].toString()) {
      case 'gone':
        return notFound()
      case 'limited':
        return { problem: limited(reply) }
      default:
        return {
          registration: {
            identityId,
            email: record.email,
            number: record.number,
            locale: record.locale,
            createdAt: new Date(record.createdAtMs).toISOString(),
            expiresAt: new Date(record.expiresAtMs).toISOString(),
            replaced: false,
            replacedIdentityId: null,
            messageId: `${identityId}.${String(reply[1])}`,
          },
        }
    }
  }
}
