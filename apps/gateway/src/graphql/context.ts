import type { Mailer } from '../mailer/mailer-client.ts'
import type { Persistence } from '../persistence/persistence-client.ts'
import type { Registrations } from '../registration/registrations.ts'
import type { TenantDirectory } from '../tenants/tenant-directory.ts'
import type { Verifications } from '../verification/verifications.ts'
import type { Caller, Callers } from './caller.ts'
import type { CountOutcome } from './outcome-metrics.ts'

/** What resolvers work with; made once. */
export interface Services {
  readonly registrations: Registrations
  readonly verifications: Verifications
  readonly persistence: Persistence
  readonly mailer: Mailer
  readonly tenants: TenantDirectory
  readonly callers: Callers
  readonly countOutcome: CountOutcome
}

/** The context of one GraphQL request. */
export interface GatewayContext {
  /** Drawn here for every request, unique: it also names the request's call to persistence. */
  readonly requestId: string
  /** undefined: no API key, or none that is known. */
  readonly caller: Caller | undefined
  readonly services: Services
}
