import type { Callers } from '../access/caller.ts'
import type { GatewayContext } from '../graphql/context.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { TenantDirectory } from './tenant-directory.ts'

/** What the resolvers of tenants and their API keys work with. */
export interface TenantPorts {
  readonly persistence: Pick<
    Persistence,
    | 'tenant'
    | 'tenants'
    | 'tenantPage'
    | 'createTenant'
    | 'updateTenant'
    | 'deleteTenant'
    | 'apiKeys'
    | 'apiKeyPage'
    | 'createApiKey'
    | 'revokeApiKey'
    | 'rotateApiKey'
  >
  readonly mailer: Pick<Mailer, 'forgetTenant'>
  readonly tenants: Pick<TenantDirectory, 'find' | 'forget'>
  readonly callers: Pick<Callers, 'forget'>
}

export type TenantContext = GatewayContext<TenantPorts>
