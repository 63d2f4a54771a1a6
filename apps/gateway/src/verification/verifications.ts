import type { VerificationRequest } from '@emailauth/contracts/verifications'
import { memberOf } from '../graphql/outcome.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { VerifyOutcome } from './verification.types.ts'

/** Trades a number for its token, once. */
export interface Verifications {
  verify(request: VerificationRequest): Promise<VerifyOutcome>
}

export function createVerifications(
  persistence: Pick<Persistence, 'verify'>,
  mailer: Pick<Mailer, 'drop'>,
): Verifications {
  return {
    async verify(request) {
      const result = await persistence.verify(request)
      if ('problem' in result) return memberOf(result.problem, 'WrongCredentials', 'RateLimited')
      const { identityId, email, token, registeredAt } = result.verification
      mailer.drop(identityId, 'verified')
      return { __typename: 'Verified', identityId, email, token, registeredAt }
    },
  }
}
