import type { Call, RequestOptions } from './call.ts'
import {
  CREATE_TENANT,
  DELETE_TENANT,
  DISABLE_TENANT,
  ENABLE_TENANT,
  TENANT,
  TENANTS,
  UPDATE_TENANT,
} from './generated/documents.ts'
import type { Tenant } from './generated/objects.ts'
import type { CreateTenantInput, UpdateTenantInput } from './generated/operations.ts'

export function tenantCalls(call: Call) {
  return {
    tenants: (options?: RequestOptions) => call.read<readonly Tenant[]>('tenants', TENANTS, {}, options),
    tenant: (id: string, options?: RequestOptions) =>
      call.read<Tenant | null>('tenant', TENANT, { id }, options),
    createTenant: (input: CreateTenantInput, options?: RequestOptions) =>
      call.once<Tenant>('createTenant', CREATE_TENANT, { input }, options),
    updateTenant: (input: UpdateTenantInput, options?: RequestOptions) =>
      call.once<Tenant | null>('updateTenant', UPDATE_TENANT, { input }, options),
    disableTenant: (id: string, options?: RequestOptions) =>
      call.once<Tenant | null>('disableTenant', DISABLE_TENANT, { id }, options),
    enableTenant: (id: string, options?: RequestOptions) =>
      call.once<Tenant | null>('enableTenant', ENABLE_TENANT, { id }, options),
    deleteTenant: (id: string, options?: RequestOptions) =>
      call.once<boolean>('deleteTenant', DELETE_TENANT, { id }, options),
  }
}
