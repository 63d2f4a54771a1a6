import { ADMIN_TENANT, ADMIN_TENANT_NAME } from '@emailauth/contracts/tenants'
import type { TenantStore } from './tenant-store.ts'

/**
 * Creates the tenants that every store has: one for trying things out, and the one in which admins sign in.
 */
export async function createBuiltInTenants(tenants: TenantStore): Promise<void> {
  await tenants.create({ id: 'demo', name: 'Demo' })
  await tenants.create({ id: ADMIN_TENANT, name: ADMIN_TENANT_NAME })
}
