import type { TenantStore } from './tenant-store.ts'

/** The tenants that exist from the first start on. */
export async function createBuiltInTenants(tenants: TenantStore): Promise<void> {
  await tenants.create({ id: 'demo', name: 'Demo' })
}
