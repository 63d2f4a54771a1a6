import { ArgsType, Field, ID, Int } from 'type-graphql'
import { badInput, checkTenantId } from '../graphql/input.ts'
import type { Edge, PageEnd } from '../graphql/lists/connection.ts'
import { AFTER, AFTER_HELP, checkFirst, FIRST } from '../graphql/lists/page-length.ts'
import type { Page, TenantPage } from '../services/mailer/mail-calls.ts'

/** Which page of a tenant's, or of all tenants'. */
@ArgsType()
export class PageArgs {
  @Field(() => ID, { nullable: true, description: "The tenant's id. Default: of all tenants." })
  tenantId?: string | null

  @Field(() => Int, FIRST)
  first!: number

  @Field(() => String, AFTER)
  after?: string | null
}

/** Which page of one tenant's. */
@ArgsType()
export class TenantPageArgs extends PageArgs {
  @Field(() => ID, { description: "The tenant's id." })
  declare tenantId: string
}

/** @throws {ProblemError} `bad-input` that names the argument at fault. */
export function checkPage({ tenantId: asked, first, after }: PageArgs): Page {
  const tenantId = checkTenantId('tenantId', asked)
  checkFirst(first)
  if (after === null || after === undefined) return { tenantId, first }
  if (!/^[A-Za-z0-9_-]{1,400}$/.test(after)) throw badInput('after', AFTER_HELP)
  return { tenantId, first, after }
}

/** The same of a page of one tenant's. */
export function checkTenantPage(args: TenantPageArgs): TenantPage {
  return { ...checkPage(args), tenantId: args.tenantId }
}

/** Where the page ends, as the mailer says it. */
export function pageEnd(page: Page, nextAfter: string | null | undefined): PageEnd {
  const endCursor = nextAfter ?? null
  return { endCursor, hasNextPage: endCursor !== null, hasPreviousPage: page.after !== undefined }
}

/** The items with their cursors, which the mailer lists beside them. */
export function toEdges<Node>(nodes: readonly Node[], cursors: readonly string[] = []): Edge<Node>[] {
  return nodes.map((node, index) => ({ cursor: cursors[index] ?? '', node }))
}
