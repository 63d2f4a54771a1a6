import type { EventFeed } from '../events/event-feed.ts'
import type { Mailer } from '../mailer/mailer-client.ts'
import type { Persistence } from '../persistence/persistence-client.ts'
import type { Registrations } from '../registration/registrations.ts'
import type { Cookies } from '../session/cookies.ts'
import type { Sessions } from '../session/sessions.ts'
import type { SignIns } from '../session/sign-ins.ts'
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
  readonly sessions: Sessions
  readonly signIns: SignIns
  readonly events: EventFeed
  readonly countOutcome: CountOutcome
}

/** The context of one GraphQL request. */
export interface GatewayContext {
  /** Drawn here for every request, unique: it also names the request's call to persistence. */
  readonly requestId: string
  /** undefined: neither an API key nor a session, or none that is known. */
  readonly caller: Caller | undefined
  /** The address of who asks, as far as trusted proxies tell. */
  readonly clientIp: string
  readonly cookies: Cookies
  readonly services: Services
}
