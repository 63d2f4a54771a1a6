import {
  type ApiKey,
  type ApiKeyCreateRequest,
  type ApiKeyList,
  type ApiKeyListQuery,
  type ApiKeyRotateRequest,
  type AuthenticateRequest,
  apiKeyList,
  apiKey as apiKeyShape,
  type CreatedApiKey,
  createdApiKey,
} from '@emailauth/contracts/api-keys'
import { diagnostics, type ReportedFinding } from '@emailauth/contracts/diagnostics'
import type { CallingActor, MailAct } from '@emailauth/contracts/events'
import { keyRingReply, type RingKey } from '@emailauth/contracts/key-ring'
import { type RedisServer, redisServers } from '@emailauth/contracts/redis-servers'
import { type ServiceStatus, serviceStatus } from '@emailauth/contracts/service-status'
import {
  type CreatedSession,
  createdSession,
  type Session,
  type SessionAuthenticateRequest,
  type SessionList,
  type SessionListQuery,
  sessionList,
  session as sessionShape,
} from '@emailauth/contracts/sessions'
import type { TenantUpdateRequest } from '@emailauth/contracts/tenant-updates'
import {
  type Tenant,
  type TenantCreateRequest,
  type TenantList,
  type TenantListQuery,
  type TenantSender,
  tenantList,
  tenantSender,
  tenant as tenantShape,
} from '@emailauth/contracts/tenants'
import { existed, orUndefined } from '@emailauth/rpc/client/absent'
import type { RpcClient } from '@emailauth/rpc/client/client'
import { bodyOf } from '@emailauth/rpc/client/reply'
import { z } from 'zod'
import { queryOf } from './query-of.ts'

/** Tenants, API keys and sessions. Who does something is written into the audit log. */
export interface AdminCalls {
  /** What an operator should change about the installation. */
  findings(): Promise<readonly ReportedFinding[]>
  redisServers(): Promise<readonly RedisServer[]>
  /** Of the persistence that answers. */
  status(): Promise<ServiceStatus>
  /** Newest first. */
  keyRing(): Promise<readonly RingKey[]>
  tenants(): Promise<readonly Tenant[]>
  tenantPage(query: TenantListQuery): Promise<TenantList>
  tenant(id: string): Promise<Tenant | undefined>
  /** With the password of its SMTP server, if it has one. */
  tenantSender(id: string): Promise<TenantSender | undefined>
  createTenant(request: TenantCreateRequest, actor: CallingActor): Promise<Tenant>
  /** undefined: there is no such tenant, or it is being deleted. */
  updateTenant(id: string, request: TenantUpdateRequest, actor: CallingActor): Promise<Tenant | undefined>
  /** false: there was no such tenant. */
  deleteTenant(id: string, actor: CallingActor): Promise<boolean>
  apiKeys(tenantId?: string): Promise<readonly ApiKey[]>
  apiKeyPage(query: ApiKeyListQuery): Promise<ApiKeyList>
  createApiKey(request: ApiKeyCreateRequest, actor: CallingActor): Promise<CreatedApiKey>
  /** undefined: there is no such key that still works. */
  rotateApiKey(
    id: string,
    request: ApiKeyRotateRequest,
    actor: CallingActor,
  ): Promise<CreatedApiKey | undefined>
  /** false: there was no such key. */
  revokeApiKey(id: string, alsoMadeByIt: boolean, actor: CallingActor): Promise<boolean>
  /** undefined: the key is unknown, wrong, revoked or has expired; `disabled`: its tenant is. */
  authenticate(request: AuthenticateRequest): Promise<ApiKey | 'disabled' | undefined>
  /** undefined: the passkey was removed meanwhile. */
  createSession(email: string, passkeyId: string | null): Promise<CreatedSession | undefined>
  authenticateSession(request: SessionAuthenticateRequest): Promise<Session | undefined>
  sessionPage(query: SessionListQuery): Promise<SessionList>
  /** false: there was no such session. */
  revokeSession(id: string, actor: CallingActor): Promise<boolean>
  /**
   * Records what an admin does at the mailer. Call it before the mailer. Throws when the admin's limit is
   * reached.
   */
  recordMailAct(act: MailAct, actor: CallingActor): Promise<void>
}

/** @param reads for lists: other connections than those of calls that `register` and `verify` wait for */
export function adminCalls(rpc: RpcClient, reads: RpcClient): AdminCalls {
  const list = <Body>(path: string, reply: z.ZodType<Body>) => reads.call({ method: 'GET', path, reply })
  const get = <Body>(path: string, reply: z.ZodType<Body>) => rpc.call({ method: 'GET', path, reply })
  const post = <Body>(path: string, body: unknown, reply: z.ZodType<Body>, actor?: CallingActor) =>
    rpc.call({ method: 'POST', path, body, reply, actor })
  const remove = async (path: string, actor: CallingActor, reply: z.ZodType = z.undefined()) =>
    existed(await rpc.call({ method: 'DELETE', path, reply, actor }))
  const at = (folder: string, id: string) => `/v1/${folder}/${encodeURIComponent(id)}`

  return {
    findings: async () => bodyOf(await list('/v1/diagnostics', diagnostics)).findings,
    redisServers: async () => bodyOf(await list('/v1/redis-servers', redisServers)).servers,
    status: async () => bodyOf(await list('/v1/status', serviceStatus)),
    keyRing: async () => bodyOf(await list('/v1/key-ring', keyRingReply)).keys,
    tenants: async () => bodyOf(await list('/v1/tenants', tenantList)).tenants,
    tenantPage: async (query) => bodyOf(await list(`/v1/tenants${queryOf(query)}`, tenantList)),
    tenant: async (id) => orUndefined(await get(at('tenants', id), tenantShape)),
    tenantSender: async (id) => orUndefined(await get(`${at('tenants', id)}/sender`, tenantSender)),
    createTenant: async (request, actor) => bodyOf(await post('/v1/tenants', request, tenantShape, actor)),
    async updateTenant(id, body, actor) {
      const path = at('tenants', id)
      return orUndefined(await rpc.call({ method: 'PATCH', path, body, reply: tenantShape, actor }))
    },
    deleteTenant: (id, actor) => remove(at('tenants', id), actor, tenantShape),

    apiKeys: async (tenantId) =>
      bodyOf(await list(`/v1/api-keys${queryOf({ tenantId })}`, apiKeyList)).apiKeys,
    apiKeyPage: async (query) => bodyOf(await list(`/v1/api-keys${queryOf(query)}`, apiKeyList)),
    createApiKey: async (request, actor) => bodyOf(await post('/v1/api-keys', request, createdApiKey, actor)),
    rotateApiKey: async (id, request, actor) =>
      orUndefined(await post(`${at('api-keys', id)}/rotate`, request, createdApiKey, actor)),
    revokeApiKey: (id, alsoMadeByIt, actor) =>
      remove(`${at('api-keys', id)}?alsoMadeByIt=${alsoMadeByIt}`, actor),
    async authenticate(body) {
      const path = '/v1/api-keys/authenticate'
      const reply = await rpc.call({ method: 'POST', path, body, reply: apiKeyShape, isIdempotent: true })
      return 'problem' in reply && reply.problem.code === 'forbidden' ? 'disabled' : orUndefined(reply)
    },

    createSession: async (email, passkeyId) =>
      orUndefined(await post('/v1/sessions', { email, passkeyId }, createdSession)),
    async authenticateSession(body) {
      const path = '/v1/sessions/authenticate'
      return orUndefined(
        await rpc.call({ method: 'POST', path, body, reply: sessionShape, isIdempotent: true }),
      )
    },
    sessionPage: async (query) => bodyOf(await list(`/v1/sessions${queryOf(query)}`, sessionList)),
    revokeSession: (id, actor) => remove(at('sessions', id), actor),
    async recordMailAct(act, actor) {
      bodyOf(await post('/v1/acts', act, z.undefined(), actor))
    },
  }
}
