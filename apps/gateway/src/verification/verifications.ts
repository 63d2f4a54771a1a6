import type { ExchangeRequest, HostedVerificationRequest } from '@emailauth/contracts/hosted-page'
import type { VerificationRequest, VerificationResult } from '@emailauth/contracts/verifications'
import { outcomeOf, type ProblemOutcomes } from '../graphql/outcomes/outcome.ts'
import type { FairTurns, Turn } from '../services/fair-turns.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { VerifyOutcome } from './verification.types.ts'

/** What a number typed into the hosted page came to; the token waits for the exchange. */
export type PageOutcome =
  | { readonly __typename: 'VerifiedOnPage' }
  | ProblemOutcomes['WrongCredentials' | 'RateLimited']

/** Trades a number for its token, once. */
export interface Verifications {
  verify(request: VerificationRequest): Promise<VerifyOutcome>
  /** The first half of it, for the hosted page: trades a number for a result. */
  verifyOnPage(request: HostedVerificationRequest): Promise<PageOutcome>
  /** The second half: trades a result for the token. */
  exchange(request: ExchangeRequest): Promise<VerifyOutcome>
}

export function createVerifications(
  persistence: Pick<Persistence, 'verify' | 'verifyOnPage' | 'exchange'>,
  mailer: Pick<Mailer, 'drop'>,
  turns: FairTurns,
): Verifications {
  const verifyInTurn = (request: VerificationRequest, turn: Turn) =>
    persistence.verify(request).then(
      (result) => {
        turns.end(turn)
        if ('verification' in result) mailer.drop(result.verification.identityId, 'verified')
        return verifyOutcome(result)
      },
      (error: unknown) => {
        turns.end(turn)
        throw error
      },
    )

  return {
    // Not async: each async function on the fast path costs about half a microsecond.
    verify(request) {
      const turn = turns.begin(request.tenantId)
      return turn instanceof Promise
        ? turn.then((begun) => verifyInTurn(request, begun))
        : verifyInTurn(request, turn)
    },
    async verifyOnPage(request) {
      const result = await persistence.verifyOnPage(request)
      if ('problem' in result) return outcomeOf(result.problem, 'WrongCredentials', 'RateLimited')
      mailer.drop(request.identityId, 'verified')
      return { __typename: 'VerifiedOnPage' }
    },
    exchange: async (request) => verifyOutcome(await persistence.exchange(request)),
  }
}

function verifyOutcome(result: VerificationResult): VerifyOutcome {
  if ('problem' in result) return outcomeOf(result.problem, 'WrongCredentials', 'RateLimited')
  const { identityId, email, token, registeredAt } = result.verification
  return { __typename: 'Verified', identityId, email, token, registeredAt }
}
