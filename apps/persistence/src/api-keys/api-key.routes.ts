import {
  type ApiKey,
  apiKey,
  apiKeyCreateRequest,
  apiKeyId,
  apiKeyList,
  apiKeyListQuery,
  apiKeyRevokeQuery,
  apiKeyRotateRequest,
  authenticateRequest,
  createdApiKey,
} from '@emailauth/contracts/api-keys'
import type { CallingActor } from '@emailauth/contracts/events'
import { problem, TENANT_DISABLED } from '@emailauth/contracts/problems'
import { ADMIN_TENANT } from '@emailauth/contracts/tenants'
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { ReadLane } from '@emailauth/service/http/read-lane'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { z } from 'zod'
import { actorOrSystem, withoutSession } from '../audit/actor-of.ts'
import type { Audit } from '../audit/audit.ts'
import type { Tenants } from '../calls/tenants.ts'
import type { RequireSameStore } from '../store/same-store.ts'
import type { ApiKeyStore } from './api-key-store.ts'

interface ApiKeyRoutesPort {
  readonly apiKeys: ApiKeyStore
  readonly tenants: Pick<Tenants, 'get'>
  readonly audit: Audit
  readonly lane: ReadLane
  readonly time: () => number
  readonly requireSameStore: RequireSameStore
}

const route = routeWith<ApiKeyRoutesPort>()

export function addApiKeyRoutes(app: ServiceApp, ports: ApiKeyRoutesPort): void {
  addRoutes(app, ports, [createKey, listKeys, revokeKey, rotateKey, authenticateKey])
}

const createKey = route({
  method: 'POST',
  url: '/v1/api-keys',
  schema: {
    summary: 'Make an API key; this answer is the only one that shows it',
    body: apiKeyCreateRequest,
    response: { 201: createdApiKey, default: problem },
  },
  handler: async ({ tenants, audit, apiKeys, time }, request, reply) => {
    const { body } = request
    if (body.expiresAt !== undefined && Date.parse(body.expiresAt) <= time())
      throw new ProblemError('bad-input', 'expiresAt must be in the future.', { field: 'expiresAt' })
    if (body.scope === 'tenant') await mayHaveKeys(tenants, body.tenantId)
    const tenantId = body.scope === 'tenant' ? body.tenantId : null
    const actor = actorOrSystem(request)
    // The entry names the key by its name, because its id does not exist yet.
    await audit.record({ type: 'key.created', actor, tenantId, target: body.name })
    const created = await apiKeys.create(body, withoutSession(actor), await isTest(tenants, tenantId))
    await revokeUnlessMakerLives({ apiKeys, audit }, created.apiKey, actor)
    return reply.code(201).send(created)
  },
})

const listKeys = route({
  method: 'GET',
  url: '/v1/api-keys',
  schema: {
    summary: "A tenant's API keys, or the admin keys, newest first, all or a page of them",
    querystring: apiKeyListQuery,
    response: { 200: apiKeyList, default: problem },
  },
  handler: ({ lane, apiKeys }, { query: { tenantId = null, first, after } }) =>
    lane.run(async () =>
      first === undefined
        ? { apiKeys: await apiKeys.list(tenantId), hasNextPage: false }
        : apiKeys.page({ tenantId, first, after }),
    ),
})

const revokeKey = route({
  method: 'DELETE',
  url: '/v1/api-keys/:id',
  schema: {
    summary: 'Revoke an API key; with `alsoMadeByIt` also the keys that were made with it',
    params: z.object({ id: apiKeyId }),
    querystring: apiKeyRevokeQuery,
    response: { 204: z.null(), default: problem },
  },
  handler: async ({ apiKeys, audit }, request, reply) => {
    const { id } = request.params
    const found = await apiKeys.get(id)
    if (found === undefined) throw new ProblemError('not-found', 'There is no API key with this id.')
    const actor = actorOrSystem(request)
    if (id !== actor.id) await audit.requireLive(actor)
    // Revoke the key itself first, so that it cannot create more keys meanwhile.
    await revoke({ apiKeys, audit }, found, actor)
    if (request.query.alsoMadeByIt) await revokeMadeWith({ apiKeys, audit }, id, actor)
    return reply.code(204).send(null)
  },
})

const rotateKey = route({
  method: 'POST',
  url: '/v1/api-keys/:id/rotate',
  schema: {
    summary: 'Make a key like this one, which itself ends after a while',
    params: z.object({ id: apiKeyId }),
    body: apiKeyRotateRequest,
    response: { 201: createdApiKey, default: problem },
  },
  handler: async ({ apiKeys, tenants, audit, time }, request, reply) => {
    const { id } = request.params
    const found = await apiKeys.get(id)
    const refusal = new ProblemError('not-found', 'There is no API key with this id that still works.')
    const works =
      found !== undefined &&
      found.revokedAt === null &&
      (found.expiresAt === null || Date.parse(found.expiresAt) > time())
    // A refused request leaves no audit entry.
    if (!works) throw refusal
    const { tenantId } = found
    const actor = actorOrSystem(request)
    await audit.record({ type: 'key.rotated', actor, tenantId, target: id })
    const created = await apiKeys.rotate(id, {
      overlapSeconds: request.body.overlapSeconds,
      actor: withoutSession(actor),
      test: await isTest(tenants, tenantId),
    })
    if (created === undefined) throw refusal
    await revokeUnlessMakerLives({ apiKeys, audit }, created.apiKey, actor)
    return reply.code(201).send(created)
  },
})

const authenticateKey = route({
  method: 'POST',
  url: '/v1/api-keys/authenticate',
  schema: {
    summary: 'Whose key is this? The digest of its secret is asked about, never the key',
    body: authenticateRequest,
    response: { 200: apiKey, default: problem },
  },
  handler: async ({ apiKeys, tenants, requireSameStore }, request) => {
    const { keyId, secretDigest, test } = request.body
    const found = await apiKeys.authenticate(keyId, secretDigest)
    const unknown = new ProblemError('not-found', 'This API key is not known, or it was revoked.')
    if (found === undefined) {
      await requireSameStore()
      throw unknown
    }
    if (found.tenantId === null) {
      if (test) throw unknown
      return found
    }
    const tenant = await tenants.get(found.tenantId)
    if (tenant === undefined || tenant.status === 'deleting' || tenant.testMode !== test) throw unknown
    if (tenant.status === 'disabled') throw new ProblemError('forbidden', TENANT_DISABLED)
    return found
  },
})

/** @throws {ProblemError} for a tenant that gets no keys. */
async function mayHaveKeys(tenants: ApiKeyRoutesPort['tenants'], tenantId: string): Promise<void> {
  const tenant = await tenants.get(tenantId)
  if (tenant === undefined || tenant.status === 'deleting')
    throw new ProblemError('not-found', 'There is no tenant with this id.', { field: 'tenantId' })
  if (tenantId === ADMIN_TENANT)
    throw new ProblemError('conflict', 'Admins sign in with this tenant; it has no keys.', {
      field: 'tenantId',
    })
}

async function isTest(tenants: ApiKeyRoutesPort['tenants'], tenantId: string | null): Promise<boolean> {
  return tenantId !== null && (await tenants.get(tenantId))?.testMode === true
}

/**
 * Revoking a key with those that were made with it finds what is written by then. A key that is written later
 * is found here, because its maker is revoked before. A key made in a session that ends meanwhile is too.
 */
async function revokeUnlessMakerLives(ports: RevokePorts, made: ApiKey, maker: CallingActor): Promise<void> {
  try {
    await ports.audit.requireLive(maker)
  } catch (error) {
    await revoke(ports, made, maker)
    throw error
  }
}

/** A key that is not revoked yet may make another one meanwhile, so it looks again until none is left. */
async function revokeMadeWith(ports: RevokePorts, id: string, actor: CallingActor): Promise<void> {
  const live = async () => (await ports.apiKeys.madeWith(id)).filter(({ revokedAt }) => revokedAt === null)
  for (let made = await live(); made.length > 0; made = await live())
    for (const one of made) await revoke(ports, one, actor)
}

type RevokePorts = Pick<ApiKeyRoutesPort, 'apiKeys' | 'audit'>

async function revoke(
  { apiKeys, audit }: RevokePorts,
  { id, tenantId }: ApiKey,
  actor: CallingActor,
): Promise<void> {
  await audit.record({ type: 'key.revoked', actor, tenantId, target: id })
  await apiKeys.revoke(id)
}
