import type { TenantUpdateRequest } from '@emailauth/contracts/tenant-updates'
import type { TenantCreateRequest } from '@emailauth/contracts/tenants'
import { withoutNulls } from '../graphql/input.ts'
import type { CreateTenantInput, TenantSettingsInput, UpdateTenantInput } from './tenant-input.types.ts'

// Persistence checks both against their shapes and names the field at fault. So what an admin typed is passed
// on as it is, hence the casts.

/** The request that creates a tenant. */
export function createRequest({ id, name, testMode, settings }: CreateTenantInput): TenantCreateRequest {
  return { id, name, ...withoutNulls({ testMode }), ...settingsOf(settings) } as TenantCreateRequest
}

/** The request that changes a tenant. Settings that were not given are absent. */
export function updateRequest({ name, settings, reset, ifVersion }: UpdateTenantInput): TenantUpdateRequest {
  return { ...withoutNulls({ name, reset, ifVersion }), ...settingsOf(settings) } as TenantUpdateRequest
}

/** null means "not given", except within `mail`, where it removes a setting. */
function settingsOf(settings: TenantSettingsInput | null | undefined) {
  if (settings === null || settings === undefined) return {}
  const { mail, ...rules } = settings
  return { settings: { ...withoutNulls(rules), ...(mail ? { mail } : {}) } }
}
