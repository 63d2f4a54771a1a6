import { identityId as identityIdShape, tenantOfIdentity } from '@emailauth/contracts/common'
import type { Tenant } from '@emailauth/contracts/tenants'
import { randomBytesOf } from '@emailauth/secrets/random'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TenantDirectory } from '../tenants/tenant-directory.ts'
import type { PageFrame } from './page.ts'
import { returnUrlOf } from './return-address.ts'
import { pageLanguage } from './texts.ts'

export type PageRequest = FastifyRequest<{ Params: { identityId: string } }>

/** A request that names a live tenant which uses the page. */
export interface Visit {
  readonly request: PageRequest
  readonly reply: FastifyReply
  readonly frame: PageFrame & { readonly tenant: Tenant; readonly backTo: string }
  readonly identityId: string
}

/** undefined: the request names no live tenant which uses the page. */
export async function visitOf(
  tenants: Pick<TenantDirectory, 'find'>,
  request: PageRequest,
  reply: FastifyReply,
): Promise<Visit | undefined> {
  const { identityId } = request.params
  if (!identityIdShape.safeParse(identityId).success) return undefined
  const tenant = await tenants.find(tenantOfIdentity(identityId))
  if (tenant?.status !== 'active') return undefined
  const backTo = returnUrlOf(tenant, field(request, 'returnTo'))
  if (backTo === undefined) return undefined
  const frame = { ...frameOf(request, tenant.settings.locale), tenant, backTo }
  return { request, reply, identityId, frame }
}

/**
 * What every page needs, with a new nonce. Without a known tenant the browser alone decides the language.
 */
export function frameOf({ headers }: FastifyRequest, localeOfTenant?: string): PageFrame {
  return { language: pageLanguage(headers, localeOfTenant), nonce: randomBytesOf(16).toString('base64url') }
}

/** Reads a field of the form, or of the query if there is no form. A field that comes twice is invalid. */
export function field({ method, body, query }: FastifyRequest, name: string): string | undefined {
  if (method === 'POST') {
    const values = body instanceof URLSearchParams ? body.getAll(name) : []
    return values.length === 1 ? values[0] : undefined
  }
  // Fastify parses it to an object of texts and lists of texts.
  const value = (query as Readonly<Record<string, unknown>>)[name]
  if (value === undefined) return undefined
  return typeof value === 'string' ? value : 'twice'
}
