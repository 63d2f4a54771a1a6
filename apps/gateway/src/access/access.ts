import { HeaderMap } from '@apollo/server'
import { TENANT_DISABLED } from '@emailauth/contracts/problems'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { GraphQLError } from 'graphql'
import { type AuthCheckerFn, Authorized, getMetadataStorage } from 'type-graphql'
import type { Caller } from './caller.ts'

/** Who may ask for a root field. */
export type Access = 'TENANT' | 'ADMIN' | 'SESSION' | 'ANY_KEY' | 'ANYONE'

/** Declares who may call a query or mutation. The schema is not built if one of them lacks it. */
export const Allow = (access: Access) => Authorized<Access>(access)

interface Called {
  readonly caller: Caller | undefined
}

/** Called by type-graphql before every root field. */
export const checkAccess: AuthCheckerFn<Called, Access> = ({ context: { caller }, info }, [access]) => {
  assertAccess(caller, access)
  if (info?.parentType.name === 'Mutation') assertMayChange(caller, access, info.fieldName)
  return true
}

/** Mutations that a read-only admin may call. They concern only the admin's own sign-in. */
const OWN_SIGN_IN: ReadonlySet<string> = new Set(['beginAddPasskey', 'addPasskey'])

/** Throws for a read-only admin. The exceptions are listed, so that every new mutation is refused. */
export function assertMayChange(caller: Caller | undefined, access: Access | undefined, field: string): void {
  const isReadOnly = caller?.scope === 'admin' && caller.isReadOnly === true
  if (!isReadOnly || access === 'ANYONE' || OWN_SIGN_IN.has(field)) return
  throw new ProblemError('forbidden', 'This admin may look at everything and change nothing.')
}

/** Throws instead of returning false, so that each refusal says what is needed. */
export function assertAccess(caller: Caller | undefined, access: Access | undefined): void {
  if (access === 'ANYONE') return
  if (caller === undefined) throw unauthenticated()
  if (caller.scope === 'tenant' && caller.isDisabled) {
    throw new ProblemError('forbidden', TENANT_DISABLED)
  }
  if (access === 'TENANT' && caller.scope !== 'tenant') {
    throw new ProblemError(
      'forbidden',
      "This needs a tenant's API key; an admin key neither registers nor verifies.",
    )
  }
  if (access === 'SESSION' && caller.session === undefined) {
    throw new ProblemError('forbidden', 'This needs the session of an admin; sign in to the dashboard.')
  }
  if (access === 'ADMIN' && caller.scope !== 'admin') {
    throw new ProblemError('forbidden', 'This needs an API key of scope ADMIN, or the session of an admin.')
  }
}

/** The caller whom {@link checkAccess} let in. */
export function known(caller: Caller | undefined): Caller {
  if (caller === undefined) throw new Error('this resolver was reached without @Allow')
  return caller
}

/** The tenant of a caller whom {@link checkAccess} let in with `TENANT`. */
export function tenantOf(caller: Caller | undefined): string {
  const { tenantId } = known(caller)
  if (tenantId === undefined) throw new Error('this resolver is meant for @Allow("TENANT")')
  return tenantId
}

/** true when the caller may see what belongs to this tenant. */
export function maySee(caller: Caller | undefined, tenantId: string): boolean {
  return caller?.scope === 'admin' || caller?.tenantId === tenantId
}

/**
 * Call it once the schema is built: the rules are known then.
 * @throws {Error} that names every query and mutation without {@link Allow}.
 */
export function assertEveryRootFieldHasAccess(resolvers: readonly unknown[]): void {
  const { queries, mutations, subscriptions } = getMetadataStorage()
  const open = [...queries, ...mutations, ...subscriptions]
    .filter(({ target, roles }) => resolvers.includes(target) && roles?.length !== 1)
    .map(({ schemaName }) => schemaName)
  if (open.length > 0) throw new Error(`without @Allow: ${open.join(', ')}`)
}

/** Said with 401 to a caller without a valid key or session. */
export const NEEDS_KEY = 'This needs a valid API key in the header "Authorization: Bearer <API key>".'

function unauthenticated(): GraphQLError {
  const headers = new HeaderMap([['www-authenticate', 'Bearer']])
  return new GraphQLError(NEEDS_KEY, {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401, headers } },
  })
}
