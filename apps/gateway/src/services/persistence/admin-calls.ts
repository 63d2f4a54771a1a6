import type {
  ApiKey,
  ApiKeyCreateRequest,
  ApiKeyRotateRequest,
  AuthenticateRequest,
  CreatedApiKey,
} from '@emailauth/contracts/api-keys'
import type { Actor } from '@emailauth/contracts/events'
import type { CreatedSession, Session, SessionAuthenticateRequest } from '@emailauth/contracts/sessions'
import type {
  Tenant,
  TenantCreateRequest,
  TenantSender,
  TenantUpdateRequest,
} from '@emailauth/contracts/tenants'
import { existed, found } from '@emailauth/rpc/client/absent'
import type { RpcClient } from '@emailauth/rpc/client/client'
import { bodyOf } from '@emailauth/rpc/client/reply'

/** Tenants, API keys and sessions. Who does something is written into the audit log. */
export interface AdminCalls {
  tenants(): Promise<readonly Tenant[]>
  tenant(id: string): Promise<Tenant | undefined>
  /** With the password of its SMTP server, if it has one. */
  tenantSender(id: string): Promise<TenantSender | undefined>
  createTenant(request: TenantCreateRequest, actor: Actor): Promise<Tenant>
  /** undefined: there is no such tenant, or it is being deleted. */
  updateTenant(id: string, request: TenantUpdateRequest, actor: Actor): Promise<Tenant | undefined>
  /** false: there was no such tenant. */
  deleteTenant(id: string, actor: Actor): Promise<boolean>
  apiKeys(tenantId?: string): Promise<readonly ApiKey[]>
  createApiKey(request: ApiKeyCreateRequest, actor: Actor): Promise<CreatedApiKey>
  /** undefined: there is no such key that still works. */
  rotateApiKey(id: string, request: ApiKeyRotateRequest, actor: Actor): Promise<CreatedApiKey | undefined>
  /** false: there was no such key. */
  revokeApiKey(id: string, actor: Actor): Promise<boolean>
  /** undefined: the key is unknown, wrong, revoked or has expired; `disabled`: its tenant is. */
  authenticate(request: AuthenticateRequest): Promise<ApiKey | 'disabled' | undefined>
  createSession(email: string): Promise<CreatedSession>
  authenticateSession(request: SessionAuthenticateRequest): Promise<Session | undefined>
  sessions(): Promise<readonly Session[]>
  /** false: there was no such session. */
  revokeSession(id: string, actor: Actor): Promise<boolean>
}

export function adminCalls(rest: RpcClient): AdminCalls {
  const get = <Body>(path: string) => rest.call<Body>({ method: 'GET', path })
  const post = <Body>(path: string, body: unknown, actor?: Actor) =>
    rest.call<Body>({ method: 'POST', path, body, actor })
  const remove = (path: string, actor: Actor) => rest.call<unknown>({ method: 'DELETE', path, actor })
  const at = (folder: string, id: string) => `/v1/${folder}/${encodeURIComponent(id)}`

  return {
    tenants: async () => bodyOf(await get<{ tenants: Tenant[] }>('/v1/tenants')).tenants,
    tenant: async (id) => found(await get<Tenant>(at('tenants', id))),
    tenantSender: async (id) => found(await get<TenantSender>(`${at('tenants', id)}/sender`)),
    createTenant: async (request, actor) => bodyOf(await post<Tenant>('/v1/tenants', request, actor)),
    updateTenant: async (id, body, actor) =>
      found(await rest.call<Tenant>({ method: 'PATCH', path: at('tenants', id), body, actor })),
    deleteTenant: async (id, actor) => existed(await remove(at('tenants', id), actor)),

    async apiKeys(tenantId) {
      const query = tenantId === undefined ? '' : `?${new URLSearchParams({ tenantId })}`
      return bodyOf(await get<{ apiKeys: ApiKey[] }>(`/v1/api-keys${query}`)).apiKeys
    },
    createApiKey: async (request, actor) => bodyOf(await post<CreatedApiKey>('/v1/api-keys', request, actor)),
    rotateApiKey: async (id, request, actor) =>
      found(await post<CreatedApiKey>(`${at('api-keys', id)}/rotate`, request, actor)),
    revokeApiKey: async (id, actor) => existed(await remove(at('api-keys', id), actor)),
    async authenticate(request) {
      const path = '/v1/api-keys/authenticate'
      const reply = await rest.call<ApiKey>({ method: 'POST', path, body: request, repeats: true })
      return 'problem' in reply && reply.problem.code === 'forbidden' ? 'disabled' : found(reply)
    },

    createSession: async (email) => bodyOf(await post<CreatedSession>('/v1/sessions', { email })),
    authenticateSession: async (request) => found(await post<Session>('/v1/sessions/authenticate', request)),
    sessions: async () => bodyOf(await get<{ sessions: Session[] }>('/v1/sessions')).sessions,
    revokeSession: async (id, actor) => existed(await remove(at('sessions', id), actor)),
  }
}
