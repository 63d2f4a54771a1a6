import type { EmailauthClient } from '@emailauth/client'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { Output } from './output.ts'

/** What a command says where nothing has the id, and what to do next: the arguments of `output.problem`. */
export const NO_SUCH_TENANT = ['There is no such tenant.', 'See: emailauth tenants list'] as const
export const NO_SUCH_ENDPOINT = ['There is no endpoint of this id.', 'See: emailauth webhooks list'] as const
export const NO_SUCH_IDENTITY = ['No live identity has this id.', 'See: emailauth identities'] as const

/**
 * Ends a list of a tenant. One that is empty may be that of a mistyped tenant, so an admin is told.
 * @param tenantId undefined: the list is not one tenant's
 */
export async function endList(
  { client, output }: { readonly client: Pick<EmailauthClient, 'tenants'>; readonly output: Output },
  { tenantId, isEmpty, whenEmpty }: { tenantId: string | undefined; isEmpty: boolean; whenEmpty: string },
): Promise<ExitCode> {
  if (!isEmpty) return EXIT.done
  if (tenantId !== undefined && !(await client.tenants()).some(({ id }) => id === tenantId)) {
    output.problem(...NO_SUCH_TENANT)
    return EXIT.notFound
  }
  output.info(whenEmpty)
  return EXIT.done
}
