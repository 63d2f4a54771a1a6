import type { GatewayContext } from '../graphql/context.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { AdminEmails } from './admin-emails.ts'
import type { KnownBrowsers } from './known-browsers.ts'
import type { PasskeyCeremonies } from './passkey-ceremonies.ts'
import type { Sessions } from './sessions.ts'
import type { SignIns } from './sign-ins.ts'

/** What the resolvers of sign-in, sessions and passkeys work with. */
export interface AuthPorts {
  readonly persistence: Pick<
    Persistence,
    'passkeyPage' | 'renamePasskey' | 'removePasskey' | 'sessionPage' | 'revokeSession'
  >
  readonly sessions: Pick<Sessions, 'begin' | 'forget'>
  readonly signIns: SignIns
  readonly passkeys: PasskeyCeremonies
  readonly knownBrowsers: KnownBrowsers
  readonly adminEmails: AdminEmails
}

export type AuthContext = GatewayContext<AuthPorts>
