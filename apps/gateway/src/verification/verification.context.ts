import type { FastPathContext } from '../graphql/context.ts'
import type { CountOutcome } from '../graphql/outcomes/outcome-metrics.ts'
import type { Verifications } from './verifications.ts'

/** What the resolvers of verify and exchange work with. */
export interface VerificationPorts {
  readonly verifications: Verifications
  readonly countOutcome: CountOutcome
}

export type VerificationContext = FastPathContext<VerificationPorts>
