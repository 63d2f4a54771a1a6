import type { EmailauthClient } from '@emailauth/client'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import type { Output } from './output.ts'

/** What a command says where nothing has the id, and what to do next: the arguments of `output.problem`. */
export const NO_SUCH_TENANT = ['There is no such tenant.', 'See: emailauth tenants list'] as const
export const NO_SUCH_ENDPOINT = ['There is no endpoint of this id.', 'See: emailauth webhooks list'] as const
export const NO_SUCH_IDENTITY = ['No live identity has this id.', 'See: emailauth identities'] as const

/** Where tenants are looked up. */
export type Tenants = Pick<EmailauthClient, 'tenant'>

interface TenantList {
  readonly tenantId: string | undefined
  readonly isEmpty: boolean
  readonly whenEmpty: string
  /** Prints the data, and whether there are more. */
  readonly print: () => void
}

/**
 * Prints a list of a tenant. An empty one may be that of a mistyped tenant, so that is looked up first: a
 * program gets data or an error, not both.
 * @param tenantId undefined: the list is not one tenant's
 * @throws {CliError} when there is no such tenant.
 */
export async function showList(
  { client, output }: { readonly client: Tenants; readonly output: Output },
  { tenantId, isEmpty, whenEmpty, print }: TenantList,
): Promise<ExitCode> {
  if (isEmpty) await requireTenant(client, tenantId)
  print()
  if (isEmpty) output.info(whenEmpty)
  return EXIT.done
}

/**
 * @param tenantId undefined: no tenant was named
 * @throws {CliError} when there is no such tenant.
 */
export async function requireTenant(client: Tenants, tenantId: string | undefined): Promise<void> {
  if (tenantId === undefined || (await client.tenant(tenantId)) !== null) return
  const [message, hint] = NO_SUCH_TENANT
  throw new CliError(EXIT.notFound, message, { hint })
}
