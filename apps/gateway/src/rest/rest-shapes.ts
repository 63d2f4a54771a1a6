import { BODY_LIMITS } from '@emailauth/contracts/body-limits'
import { identityId, moment } from '@emailauth/contracts/common'
import { exchangeRequest } from '@emailauth/contracts/hosted-page'
import { problem } from '@emailauth/contracts/problems'
import { registrationRequest, resendRequest } from '@emailauth/contracts/registrations'
import { verification, verificationRequest } from '@emailauth/contracts/verifications'
import { z } from 'zod'

// The API key and the request give these, so a body does not contain them.
const OURS = { tenantId: true, requestId: true } as const

const registered = z.object({
  identityId,
  email: z.string().describe('As it was mailed to'),
  expiresAt: moment,
  delivery: z.enum(['sent', 'queued', 'failed']).describe('The delivery state of the mail'),
  replaced: z.boolean().describe('The address had a live number before, which is no longer valid'),
})

const verified = verification.extend({ identityId, registeredAt: moment })

/**
 * The REST interface for external servers. Each operation has the outcomes of the GraphQL field of its name.
 */
export const OPERATIONS = {
  register: {
    path: '/v1/registrations',
    summary: 'Keep a token for an address under a new number, and mail the number to it',
    body: registrationRequest.omit(OURS).strict(),
    bodyLimit: BODY_LIMITS.registration,
    status: 201,
    reply: registered,
  },
  verify: {
    path: '/v1/verifications',
    summary: 'Trade a number for the token that was registered with it, once',
    body: verificationRequest.omit(OURS).strict(),
    bodyLimit: BODY_LIMITS.restCall,
    status: 200,
    reply: verified,
  },
  exchange: {
    path: '/v1/exchanges',
    summary: 'Trade a result of the hosted page for the token, once',
    body: exchangeRequest.omit(OURS).strict(),
    bodyLimit: BODY_LIMITS.restCall,
    status: 200,
    reply: verified,
  },
  resend: {
    path: '/v1/resends',
    summary: 'Mail the same number again',
    body: resendRequest.omit(OURS).strict(),
    bodyLimit: BODY_LIMITS.restCall,
    status: 201,
    reply: registered,
  },
} as const

/** The OpenAPI 3.1 document, made from the shapes that validate requests. */
export function openApi(): object {
  const schemas = {}
  const schemaOf = (shape: z.ZodType, io: 'input' | 'output') => {
    const {
      $schema: _,
      $defs = {},
      ...schema
    } = z.toJSONSchema(shape, { io, unrepresentable: 'any', reused: 'inline' })
    // In an OpenAPI document a reference begins at the document's root, not at its schema.
    Object.assign(schemas, $defs)
    return schema
  }
  const operations = Object.entries(OPERATIONS).map(
    ([operationId, { path, summary, body, status, reply }]) => [
      path,
      {
        post: {
          operationId,
          summary,
          ...(operationId === 'resend' ? {} : { parameters: [IDEMPOTENCY_KEY] }),
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(body, 'input') } },
          },
          responses: {
            [status]: {
              description: 'Done',
              content: { 'application/json': { schema: schemaOf(reply, 'output') } },
            },
            default: {
              description:
                'A problem; `code` names it. With 429 and 503 `Retry-After` says when to call again.',
              content: { 'application/problem+json': { schema: schemaOf(problem, 'output') } },
            },
          },
        },
      },
    ],
  )
  const document = {
    openapi: '3.1.0',
    info: { title: 'emailauth', version: '1', description: 'For external servers. The same as GraphQL.' },
    security: [{ apiKey: [] }],
    paths: Object.fromEntries(operations),
    components: { schemas, securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
  }
  return JSON.parse(JSON.stringify(document).replaceAll('"#/$defs/', '"#/components/schemas/'))
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same as `idempotencyKey` in the body',
  schema: { type: 'string', maxLength: 202 },
}
