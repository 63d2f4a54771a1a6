import { tenantOfWebhook, webhookId } from '@emailauth/contracts/webhooks'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { known, maySee } from '../access/access.ts'
import type { Caller } from '../access/caller.ts'
import { badInput, checkTenantId } from '../graphql/input.ts'

/** The tenant whose endpoints are meant: the key's own, or the one that an admin names. */
export function webhookTenant(caller: Caller | undefined, asked: string | null | undefined): string {
  const tenantId = checkTenantId('tenantId', asked) ?? known(caller).tenantId
  if (tenantId === undefined)
    throw badInput('tenantId', { tenantId: 'is needed with an admin key or session.' })
  if (!maySee(caller, tenantId))
    throw new ProblemError('forbidden', 'This API key has to do with webhooks of its own tenant only.')
  return tenantId
}

/**
 * Whether an id may be that of an endpoint that the caller may see. Another tenant's is as if it were not
 * there.
 */
export function mayUseWebhook(caller: Caller | undefined, id: string): boolean {
  return webhookId.safeParse(id).success && maySee(caller, tenantOfWebhook(id))
}
