import type { FastPathContext } from '../graphql/context.ts'
import type { CountOutcome } from '../graphql/outcomes/outcome-metrics.ts'
import type { TenantDirectory } from '../tenants/tenant-directory.ts'
import type { Registrations } from './registrations.ts'

/** What the resolvers of register and resend work with. */
export interface RegistrationPorts {
  readonly registrations: Registrations
  readonly tenants: Pick<TenantDirectory, 'find'>
  readonly countOutcome: CountOutcome
}

export type RegistrationContext = FastPathContext<RegistrationPorts>
