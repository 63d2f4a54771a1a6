import { ArgsType, Field, Int } from 'type-graphql'
import { badInput } from '../input.ts'
import { type Connection, toConnection } from './connection.ts'
import { AFTER_HELP, checkFirst, FIRST } from './page-length.ts'

/** Which page of a list. */
@ArgsType()
export class ListPageArgs {
  @Field(() => Int, FIRST)
  first!: number

  @Field(() => String, {
    nullable: true,
    description: 'The `endCursor` of the page before. Default: from the beginning.',
  })
  after?: string | null
}

/** The key of items that come newest first. */
export const newestFirst = ({ createdAt, id }: { readonly createdAt: string; readonly id: string }) =>
  `${createdAt} ${id}`

/** A list that persistence cuts into pages. */
interface PagedList<Item> {
  /** What a cursor holds of its item. */
  readonly key: (item: Item) => string
  /** The id of an item by its key. undefined: this is no key of the list. */
  readonly idOf: (key: string) => string | undefined
  readonly read: (page: { readonly first: number; readonly after?: string }) => Promise<{
    readonly items: readonly Item[]
    readonly hasNextPage: boolean
  }>
}

/**
 * A page of a list that is read page by page. A cursor holds its item's key, so the next page is right also
 * when that item is gone by then.
 * @throws {ProblemError} `bad-input` that names the argument at fault.
 */
export async function readPage<Item>(
  { key, idOf, read }: PagedList<Item>,
  { first, after }: ListPageArgs,
): Promise<Connection<Item>> {
  checkFirst(first)
  const isFirstPage = after === null || after === undefined
  const id = isFirstPage ? undefined : idOf(readCursor(after))
  if (!isFirstPage && id === undefined) throw badInput('after', AFTER_HELP)
  const { items, hasNextPage } = await read({ first, ...(id === undefined ? {} : { after: id }) })
  const edges = items.map((node) => ({ cursor: writeCursor(key(node)), node }))
  return toConnection(edges, {
    endCursor: edges.at(-1)?.cursor ?? null,
    hasNextPage,
    hasPreviousPage: !isFirstPage,
  })
}

/** A key as callers see it. */
export function writeCursor(key: string): string {
  return Buffer.from(key).toString('base64url')
}

/**
 * The key that {@link writeCursor} wrote.
 * @throws {ProblemError} `bad-input` for anything else.
 */
export function readCursor(cursor: string): string {
  if (!/^[A-Za-z0-9_-]{1,400}$/.test(cursor)) throw badInput('after', AFTER_HELP)
  return Buffer.from(cursor, 'base64url').toString()
}
