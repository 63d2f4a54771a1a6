import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { keys } from '../store/keys.ts'
import { type ReplicaPolicy, withReplicas } from '../store/replicas.ts'
import type { TenantStore } from './tenant-store.ts'

/**
 * A tenant store whose changes return only when they have reached the replicas. Each change writes even when
 * nothing differs, so that a repeated change waits for the replicas too.
 */
export function replicatedTenants(
  redis: RedisConnection,
  policy: ReplicaPolicy,
  tenants: TenantStore,
): TenantStore {
  const ofTenant = <Reply>(id: string, write: () => Promise<Reply>) =>
    withReplicas(redis, keys.tenant(id), policy, write)
  /** On a Cluster the list may be on another master than the tenant. */
  const withList = <Reply>(id: string, write: () => Promise<Reply>) =>
    withReplicas(redis, keys.tenants, policy, () => ofTenant(id, write))
  return {
    ...tenants,
    create: (request) => withList(request.id, () => tenants.create(request)),
    update: (id, request) => ofTenant(id, () => tenants.update(id, request)),
    remove: (id) => ofTenant(id, () => tenants.remove(id)),
    forget: (id) => withList(id, () => tenants.forget(id)),
  }
}
