import {
  apiKey,
  apiKeyCreateRequest,
  apiKeyId,
  apiKeyList,
  authenticateRequest,
  createdApiKey,
} from '@emailauth/contracts/api-keys'
import { tenantId } from '@emailauth/contracts/common'
import { problem } from '@emailauth/contracts/problems'
import type { ServiceApp } from '@emailauth/service/app'
import { ProblemError } from '@emailauth/service/problem-error'
import { z } from 'zod'
import type { Store } from '../store.ts'

export function addApiKeyRoutes(app: ServiceApp, { apiKeys, tenants }: Store): void {
  app.post(
    '/v1/api-keys',
    {
      schema: {
        summary: 'Make an API key; this answer is the only one that shows it',
        body: apiKeyCreateRequest,
        response: { 201: createdApiKey, default: problem },
      },
    },
    async (request, reply) => {
      const { body } = request
      if (body.scope === 'tenant' && (await tenants.get(body.tenantId)) === undefined) {
        throw new ProblemError('not-found', 'There is no tenant with this id.', { field: 'tenantId' })
      }
      return reply.code(201).send(await apiKeys.create(body))
    },
  )

  app.get(
    '/v1/api-keys',
    {
      schema: {
        summary: "A tenant's API keys, or the admin keys, newest first",
        querystring: z.object({ tenantId: tenantId.optional() }),
        response: { 200: apiKeyList, default: problem },
      },
    },
    async (request) => ({ apiKeys: await apiKeys.list(request.query.tenantId ?? null) }),
  )

  app.delete(
    '/v1/api-keys/:id',
    {
      schema: {
        summary: 'Revoke an API key',
        params: z.object({ id: apiKeyId }),
        response: { 204: z.null(), default: problem },
      },
    },
    async (request, reply) => {
      if (!(await apiKeys.revoke(request.params.id)))
        throw new ProblemError('not-found', 'There is no API key with this id.')
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/api-keys/authenticate',
    {
      schema: {
        summary: 'Whose key is this? The digest of its secret is asked about, never the key',
        body: authenticateRequest,
        response: { 200: apiKey, default: problem },
      },
    },
    async (request) => {
      const found = await apiKeys.authenticate(request.body.keyId, request.body.secretDigest)
      if (found === undefined)
        throw new ProblemError('not-found', 'This API key is not known, or it was revoked.')
      return found
    },
  )
}
