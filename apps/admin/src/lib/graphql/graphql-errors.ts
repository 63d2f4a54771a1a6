/** The parts of a GraphQL error that the dashboard reads. */
export interface GraphqlError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** The gateway answered with errors. */
export class GraphqlErrors extends Error {
  override readonly name = 'GraphqlErrors'

  constructor(readonly errors: readonly GraphqlError[]) {
    super(errors.map(({ message }) => message).join(' '))
  }
}

/** A reply that is not GraphQL, from a proxy or from load shedding. */
export class HttpError extends Error {
  override readonly name = 'HttpError'

  constructor(
    readonly status: number,
    readonly requestId: string | undefined,
  ) {
    super(`HTTP status ${status}`)
  }
}
