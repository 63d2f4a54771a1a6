/** A search that cannot be run, with a sentence for the person who wrote it. */
export class QueryError extends Error {
  override readonly name = 'QueryError'
}
