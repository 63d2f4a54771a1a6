import type { GatewayContext } from '../graphql/context.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { TenantDirectory } from '../tenants/tenant-directory.ts'

/** What the resolvers of identities work with. */
export interface IdentityPorts {
  readonly persistence: Pick<Persistence, 'identities' | 'identity' | 'revokeIdentity'>
  readonly mailer: Pick<Mailer, 'message' | 'drop'>
  readonly tenants: Pick<TenantDirectory, 'find'>
}

export type IdentityContext = GatewayContext<IdentityPorts>
